import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { EnvironmentError, messageOf } from '../../base/errors.ts';

/**
 * The harness's own superuser. A superuser rather than a member of `pg_monitor`, because it may connect as a WAL
 * sender (and so take no slot at all), because the reserved slots are there for it when it can't, and because on a
 * server that exists for the run there is nothing to protect from it.
 */
export const monitorRole = 'poolproof_monitor';
/** The harness's ordinary role: no reserved slot, no rights. */
export const headroomRole = 'poolproof_headroom';
/** The harness's own database; closed to all other roles, so that sessions there are known to be its own. */
export const ownDatabase = 'poolproof';

/** A password that nobody has to type. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

/** Makes the roles and their databases; the service owns the database that is named like its role. */
export async function createRoles(
  client: Client,
  service: { readonly role: string; readonly password: string },
  headroomPassword: string,
): Promise<void> {
  const role = client.escapeIdentifier(service.role);
  try {
    await client.query(`create role ${role} login password ${client.escapeLiteral(service.password)}`);
    const has = await client.query('select from pg_database where datname = $1', [service.role]);
    const make = has.rows.length === 0 ? `create database ${role} owner ${role}` : '';
    await client.query(make === '' ? `alter database ${role} owner to ${role}` : make);
  } catch (error) {
    throw new EnvironmentError(
      [
        {
          message: `Postgres refuses the service's role "${service.role}": ${messageOf(error)}`,
          hint: 'choose another one with match: { role: ... } in the contract',
        },
      ],
      { cause: error },
    );
  }
  await client.query(`create role ${headroomRole} login password ${client.escapeLiteral(headroomPassword)}`);
  await client.query(`create database ${ownDatabase}`);
  await client.query(`revoke connect on database ${ownDatabase} from public`);
  await client.query(`grant connect on database ${ownDatabase} to ${headroomRole}`);
}
