import {
  commonDatabase,
  type ForeignPostgres,
  type GivenRoles,
} from '../scenario/postgres/postgres-target.ts';
import type { Login } from './postgres-server.ts';

/** The logins that somebody's server was given with. */
export interface GivenLogins {
  readonly service: Login;
  /** Those of the other services, by the service's name. */
  readonly others: Readonly<Record<string, Login>>;
  readonly monitor: Login;
  readonly headroom: Login;
  readonly neighbor: Login | null;
  readonly admin: Login | null;
}

/** Somebody's server, as it can be logged in to. */
export interface ReachedServer {
  readonly logins: GivenLogins;
  /** Where it is, for people. */
  readonly where: string;
  /** Lets go of what leads there; nothing of the server itself ends. */
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

/** Where no other login was given, the service's own serves; the harness stays out of the service's database. */
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
