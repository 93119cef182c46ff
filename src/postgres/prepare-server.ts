import { connect } from './connect.ts';
import { disconnect } from './disconnect.ts';
import { createRoles, headroomRole, makePassword, neighborRole, type ServiceRole } from './roles.ts';
import { readLimits } from './limits.ts';
import type { Login, RunningPostgres } from './postgres-server.ts';

const connectTimeoutMs = 10_000;

/** What a server that was started for the run has once its roles are made. */
export type PreparedServer = Pick<
  RunningPostgres,
  'disposable' | 'version' | 'limits' | 'monitor' | 'headroom' | 'neighbor' | 'admin' | 'service' | 'services'
>;

/** Makes the roles and databases of a server that exists for this run alone. */
export async function prepareServer(
  monitor: Login,
  [ownerRole, ...otherRoles]: readonly [string, ...string[]],
): Promise<PreparedServer> {
  const loginOf = (user: string): Login => ({
    ...monitor,
    user,
    password: makePassword(),
    database: ownerRole,
  });
  const service = loginOf(ownerRole);
  const others = otherRoles.map(loginOf);
  const headroom = { ...monitor, user: headroomRole, password: makePassword() };
  const neighbor = { ...monitor, user: neighborRole, password: makePassword() };
  // The database that every new cluster has: the harness's own does not exist yet.
  const client = await connect({ ...monitor, database: 'postgres' }, { timeoutMs: connectTimeoutMs });
  try {
    const canaries = [headroom, neighbor].map(roleOf);
    await createRoles(client, [roleOf(service), ...others.map(roleOf)], canaries);
    const { version, limits } = await readLimits(client);
    const services = Object.fromEntries([service, ...others].map((login) => [login.user, login]));
    return {
      disposable: true,
      version,
      limits,
      monitor,
      headroom,
      neighbor,
      admin: monitor,
      service,
      services,
    };
  } finally {
    await disconnect(client);
  }
}

function roleOf({ user, password }: Login): ServiceRole {
  return { role: user, password };
}
