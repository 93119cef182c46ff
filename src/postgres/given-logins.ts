import {
  commonDatabase,
  type ForeignPostgres,
  type GivenRoles,
} from '../scenario/postgres/postgres-target.ts';
import type { Login } from './postgres-server.ts';

/** The logins given for somebody's server. */
export interface GivenLogins {
  readonly service: Login;
  /** Those of the other services, by the service's name. */
  readonly others: Readonly<Record<string, Login>>;
  readonly monitor: Login;
  readonly headroom: Login;
  readonly neighbor: Login | null;
  readonly admin: Login | null;
}

/** How to log in to somebody's server. */
export interface ReachedServer {
  readonly logins: GivenLogins;
  /** Where it is, for people. */
  readonly where: string;
  /** Closes the way there; the server itself is left alone. */
  readonly close: () => Promise<void>;
}

/** Finds the way to a server that poolproof did not start. Throws `EnvironmentError` where there is none. */
export async function reachServer(target: ForeignPostgres): Promise<ReachedServer> {
  if (target.kind === 'url') {
    const { host, port } = target.service;
    const where = `${host}:${port}`;
    return { logins: loginsOf(target, (login) => login), where, close: () => Promise.resolve() };
  }
  const { reachInstance } = await import('./cloud-sql/reach-instance.ts');
  const { loginOf, close } = await reachInstance(target);
  return { logins: loginsOf(target, loginOf), where: `Cloud SQL ${target.instance}`, close };
}

/** Without another login the service's own is used; the harness stays out of the service's database. */
function loginsOf<L>(
  { service, others, monitor, headroom, neighbor, admin }: GivenRoles<L>,
  loginOf: (given: L) => Login,
): GivenLogins {
  const own = loginOf(service);
  const watching = monitor === null ? { ...own, database: commonDatabase } : loginOf(monitor);
  return {
    service: own,
    others: Object.fromEntries(Object.entries(others).map(([name, one]) => [name, loginOf(one)])),
    monitor: watching,
    headroom: headroom === null ? { ...own, database: watching.database } : loginOf(headroom),
    neighbor: neighbor === undefined ? null : loginOf(neighbor),
    admin: admin === null ? null : loginOf(admin),
  };
}
