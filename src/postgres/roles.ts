import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { EnvironmentError, messageOf } from '../base/errors.ts';

/**
 * The harness's own superuser. A superuser rather than a member of `pg_monitor`, because it may connect as a WAL
 * sender (and so take no slot at all), because the reserved slots are there for it when it can't, and because on a
 * server that exists for the run there is nothing to protect from it.
 */
export const monitorRole = 'poolproof_monitor';
/** The harness's ordinary role: no reserved slot, no rights. */
export const headroomRole = 'poolproof_headroom';
/** What stands for another service: an ordinary role too, with sessions of its own name. */
export const neighborRole = 'poolproof_neighbor';
/** The harness's own database; closed to all other roles, so that every session there is the harness's own. */
export const ownDatabase = 'poolproof';

/** A password that nobody has to type. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

/** A role that a service logs in as. */
export interface ServiceRole {
  readonly role: string;
  readonly password: string;
}

/**
 * Makes the roles and their database. The first service owns it, and it is named like its role; the others are
 * members of that role, so that they may use its tables, and still log in under their own names.
 */
export async function createRoles(
  client: Client,
  [owner, ...others]: readonly [ServiceRole, ...ServiceRole[]],
  canaries: readonly ServiceRole[],
): Promise<void> {
  await createOwner(client, owner);
  for (const other of others) {
    await createRole(client, other);
    const [group, member] = [client.escapeIdentifier(owner.role), client.escapeIdentifier(other.role)];
    await client.query(`grant ${group} to ${member}`);
  }
  await client.query(`create database ${ownDatabase}`);
  await client.query(`revoke connect on database ${ownDatabase} from public`);
  for (const canary of canaries) {
    await createRole(client, canary);
    await client.query(`grant connect on database ${ownDatabase} to ${client.escapeIdentifier(canary.role)}`);
  }
}

async function createOwner(client: Client, owner: ServiceRole): Promise<void> {
  await createRole(client, owner);
  const role = client.escapeIdentifier(owner.role);
  await refusedAs(owner.role, async () => {
    const has = await client.query('select from pg_database where datname = $1', [owner.role]);
    const make = has.rows.length === 0 ? `create database ${role} owner ${role}` : '';
    await client.query(make === '' ? `alter database ${role} owner to ${role}` : make);
  });
}

async function createRole(client: Client, { role, password }: ServiceRole): Promise<void> {
  const name = client.escapeIdentifier(role);
  await refusedAs(role, () =>
    client.query(`create role ${name} login password ${client.escapeLiteral(password)}`),
  );
}

async function refusedAs(role: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const message = `Postgres refuses the service's role "${role}": ${messageOf(error)}`;
    const hint = 'choose another one with match: { role: ... } in the contract';
    throw new EnvironmentError([{ message, hint }], { cause: error });
  }
}
