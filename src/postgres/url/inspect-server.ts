import type { Client } from 'pg';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import type { ServerLimits } from '../../contract/contract.ts';
import { ownApplicationName } from '../../contract/session-owner.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import { readLimits } from '../limits.ts';
import type { Login, LogSource } from '../postgres-server.ts';
import { sqlstateOf } from '../sqlstate.ts';
import { findLog } from './find-log.ts';
import { readMonitorFacts, type MonitorFacts } from './monitor-facts.ts';
import { readRoleFacts, type RoleFacts } from './role-facts.ts';

const connectTimeoutMs = 10_000;

/** The logins that somebody's server was given with. */
export interface GivenLogins {
  readonly service: Login;
  readonly monitor: Login;
  readonly headroom: Login;
  readonly admin: Login | null;
}

/** What a server that poolproof did not start is, and what it allows. */
export interface Inspection {
  readonly version: string;
  readonly limits: ServerLimits;
  readonly monitor: MonitorFacts;
  /** The monitor may connect as a WAL sender, which takes no slot from `max_connections`. */
  readonly walSender: boolean;
  readonly service: RoleFacts;
  readonly headroom: RoleFacts;
  /** The log, or why it can't be read. */
  readonly log:
    { readonly source: LogSource; readonly why: null } | { readonly source: null; readonly why: string };
}

/** Logs in with each of the logins once and asks; changes nothing. Throws `EnvironmentError` when one is refused. */
export async function inspectServer(logins: GivenLogins): Promise<Inspection> {
  const { service, monitor, headroom, admin } = logins;
  const roles = {
    service: await asked('the service', service, readRoleFacts),
    headroom: await asked('the canary', headroom, readRoleFacts),
  };
  const seen = await asked('the monitor', monitor, async (client) => ({
    ...(await readLimits(client)),
    monitor: await readMonitorFacts(client, ownApplicationName, service.user),
  }));
  const own = { login: monitor, facts: seen.monitor };
  const readers =
    admin === null
      ? [own]
      : [own, { login: admin, facts: await asked('the admin', admin, (client) => factsOf(client, service)) }];
  return { ...seen, ...roles, walSender: await mayWatchAsWalSender(monitor), log: logOf(readers) };
}

function factsOf(client: Client, service: Login): Promise<MonitorFacts> {
  return readMonitorFacts(client, ownApplicationName, service.user);
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

async function asked<T>(who: string, login: Login, ask: (client: Client) => Promise<T>): Promise<T> {
  let client: Client;
  try {
    client = await connect(login, { timeoutMs: connectTimeoutMs });
  } catch (error) {
    const at = `${login.host}:${login.port}`;
    const message = `${who} can't log in to Postgres at ${at} as "${login.user}" (database "${login.database}"): ${messageOf(error)}`;
    throw new EnvironmentError([{ message, ...hintFor(error) }], { cause: error });
  }
  try {
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
