import type { Client } from 'pg';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import type { ServerLimits } from '../../contract/contract.ts';
import { ownApplicationName } from '../../contract/session-owner.ts';
import { connect, sqlstateOf } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import { giveOwnEnd } from '../own-end.ts';
import { readLimits } from '../limits.ts';
import type { GivenLogins, ReachedServer } from '../given-logins.ts';
import type { Login, LogSource } from '../postgres-server.ts';
import { findLog } from './find-log.ts';
import { readMonitorFacts, type MonitorFacts } from './monitor-facts.ts';
import { readRoleFacts, type RoleFacts } from './role-facts.ts';

const connectTimeoutMs = 10_000;

/** What a server that poolproof did not start is, and what it allows. */
export interface Inspection {
  readonly version: string;
  readonly limits: ServerLimits;
  readonly monitor: MonitorFacts;
  /** The monitor may connect as a WAL sender, which takes no slot from `max_connections`. */
  readonly walSender: boolean;
  readonly service: RoleFacts;
  readonly headroom: RoleFacts;
  /** Null where nobody stands for another service. */
  readonly neighbor: RoleFacts | null;
  /** The admin takes no slot from `max_connections` either; null where there is none. */
  readonly adminWalSender: boolean | null;
  /** The log, or why it can't be read. */
  readonly log:
    | { readonly source: LogSource; readonly why: null }
    | { readonly source: null; readonly why: string };
}

/** Logs in with each of the logins once and asks; changes nothing. Throws `EnvironmentError` when one is refused. */
export async function inspectServer({
  logins,
  where,
}: Pick<ReachedServer, 'logins' | 'where'>): Promise<Inspection> {
  const { service, others, monitor, headroom, neighbor, admin } = logins;
  const asked: Asked = (who, login, ask) => askAs(who, where, login, ask);
  const roles = {
    service: await asked('the service', service, readRoleFacts),
    headroom: await asked('the canary', headroom, readRoleFacts),
    neighbor: neighbor === null ? null : await asked('the neighbour', neighbor, readRoleFacts),
  };
  for (const [name, login] of Object.entries(others))
    await asked(`the service ${name}`, login, readRoleFacts);
  const own = rolesOf(logins);
  const seen = await asked('the monitor', monitor, async (client) => ({
    ...(await readLimits(client)),
    monitor: await readMonitorFacts(client, ownApplicationName, own),
  }));
  const watching = { login: monitor, facts: seen.monitor };
  const factsFor = (client: Client): Promise<MonitorFacts> =>
    readMonitorFacts(client, ownApplicationName, own);
  const readers =
    admin === null
      ? [watching]
      : [watching, { login: admin, facts: await asked('the admin', admin, factsFor) }];
  return {
    ...seen,
    ...roles,
    walSender: await mayWatchAsWalSender(monitor),
    adminWalSender: admin === null ? null : await mayWatchAsWalSender(admin),
    log: logOf(readers),
  };
}

/** The roles of all services that run here. */
function rolesOf({ service, others }: GivenLogins): readonly string[] {
  return [service, ...Object.values(others)].map(({ user }) => user);
}

/** Whoever of them may read it does. */
function logOf(
  readers: readonly { readonly login: Login; readonly facts: MonitorFacts }[],
): Inspection['log'] {
  const found = readers.map(({ login, facts }) => ({ login, log: findLog(facts.log) }));
  for (const { login, log } of found)
    if (log.ok) return { source: { kind: 'sql', login, ...log.format }, why: null };
  const [first] = found;
  return { source: null, why: first?.log.ok === false ? first.log.why : 'nobody asked' };
}

type Asked = <T>(who: string, login: Login, ask: (client: Client) => Promise<T>) => Promise<T>;

async function askAs<T>(
  who: string,
  where: string,
  login: Login,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  let client: Client;
  try {
    client = await connect(login, { timeoutMs: connectTimeoutMs });
  } catch (error) {
    const message = `${who} can't log in to Postgres at ${where} as "${login.user}" (database "${login.database}"): ${messageOf(error)}`;
    throw new EnvironmentError([{ message, ...hintFor(error) }], { cause: error });
  }
  try {
    await giveOwnEnd(client);
    return await ask(client);
  } finally {
    await disconnect(client);
  }
}

function hintFor(error: unknown): { readonly hint?: string } {
  const state = sqlstateOf(error);
  if (state === '3D000' || state === '42501')
    return { hint: 'poolproof doctor prints the SQL that makes the database and the roles' };
  return state === null ? { hint: 'is the server there, and does it want TLS (sslmode=require)?' } : {};
}

async function mayWatchAsWalSender(login: Login): Promise<boolean> {
  try {
    await disconnect(await connect(login, { timeoutMs: connectTimeoutMs, asWalSender: true }));
    return true;
  } catch {
    return false;
  }
}
