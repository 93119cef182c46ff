import type { Login, ServerProcesses } from '../postgres-server.ts';
import { openControlSession, type ControlSession, type TextRow } from './control-session.ts';
import { openHalf, type HalfOpenConnections } from './half-open.ts';
import { tryLogin, type LoginResult } from './login-attempt.ts';
import { limitTo } from '../own-end.ts';
import { openNeighbours, type Hold, type NeighbourSessions } from './neighbours.ts';

/** Whom the control acts as, and on whom. */
export interface ControlOrders {
  readonly admin: Login;
  /** An ordinary role. */
  readonly neighbour: Login;
  /** By the service's name. */
  readonly services: Readonly<Record<string, Login>>;
  /** The services in whose databases a session will hold a lock, one for each. */
  readonly holders: readonly string[];
  readonly processes: ServerProcesses | null;
}

/** What faults act through. */
export interface RunningControl {
  loginOf(service: string): Login;
  ask(sql: string): Promise<readonly TextRow[]>;
  look(sql: string): Promise<readonly TextRow[]>;
  tryLogin(who: { readonly service: string; readonly password: string } | 'neighbour'): Promise<LoginResult>;
  openNeighbours(service: string, count: number, hold: Hold): Promise<NeighbourSessions>;
  openHalf(service: string, count: number): Promise<HalfOpenConnections>;
  /** Its session ends when it is silent for that long. */
  takeHolder(service: string, idleMs: number): Promise<HolderSession>;
  readonly processes: ServerProcesses | null;
  stop(): Promise<void>;
}

export interface HolderSession {
  readonly pid: string;
  ask(sql: string): Promise<readonly TextRow[]>;
  close(): Promise<void>;
}

/** Opens all sessions now: once the server is full, a login may not get through. */
export async function startControl(orders: ControlOrders): Promise<RunningControl> {
  const actor = await reopening(orders.admin);
  const watcher = await reopening(orders.admin);
  const holders: { readonly service: string; readonly session: ControlSession }[] = [];
  const closing: (() => Promise<void>)[] = [() => actor.close(), () => watcher.close()];
  const loginOf = (service: string): Login => loginIn(orders.services, service);
  const open = async (service: string): Promise<ControlSession> => {
    const session = await openControlSession({ ...orders.admin, database: loginOf(service).database });
    closing.push(() => session.close());
    return session;
  };
  for (const service of orders.holders) holders.push({ service, session: await open(service) });

  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(() => opened.close());
    return opened;
  };
  const inDatabaseOf = (service: string): Login => ({
    ...orders.neighbour,
    database: loginOf(service).database,
  });
  return {
    loginOf,
    ask: (sql) => actor.ask(sql),
    look: (sql) => watcher.ask(sql),
    tryLogin: (who) =>
      tryLogin(who === 'neighbour' ? orders.neighbour : { ...loginOf(who.service), password: who.password }),
    openNeighbours: async (service, count, hold) =>
      keep(await openNeighbours(inDatabaseOf(service), count, hold)),
    openHalf: async (service, count) => keep(await openHalf(inDatabaseOf(service), count)),
    takeHolder: async (service, idleMs) => {
      const at = holders.findIndex((one) => one.service === service && one.session.isAlive());
      const session = holders.splice(at, at < 0 ? 0 : 1)[0]?.session ?? (await open(service));
      session.take();
      const limits = ['idle_in_transaction_session_timeout', 'idle_session_timeout'];
      await session.ask(limitTo(idleMs, limits));
      const [row] = await session.ask('select pg_backend_pid() as pid');
      return { pid: row?.['pid'] ?? '0', ask: (sql) => session.ask(sql), close: () => session.close() };
    },
    processes: orders.processes,
    stop: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

/** A session that is reopened when it was lost, as by a restart; no statement is sent twice. */
async function reopening(login: Login): Promise<Pick<ControlSession, 'ask' | 'close'>> {
  let session = await openControlSession(login);
  let opening: Promise<ControlSession> | null = null;
  const alive = async (): Promise<ControlSession> => {
    if (session.isAlive()) return session;
    opening ??= openControlSession(login).finally(() => (opening = null));
    session = await opening;
    return session;
  };
  return { ask: async (sql) => (await alive()).ask(sql), close: () => session.close() };
}

function loginIn(services: ControlOrders['services'], service: string): Login {
  const login = services[service];
  if (login === undefined) throw new Error(`no service "${service}" uses this database`);
  return login;
}
