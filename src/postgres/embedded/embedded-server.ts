import type { ProcessGuard } from '../../base/process-guard.ts';
import { connect } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import { readLimits } from '../limits.ts';
import type { Login, PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { findAccount, type Account } from './account.ts';
import { initCluster } from './init-cluster.ts';
import { findNativeFolder } from './native-folder.ts';
import { startPostmaster, type Postmaster } from './postmaster.ts';
import { preparePrograms } from './programs.ts';
import {
  createRoles,
  headroomRole,
  makePassword,
  monitorRole,
  ownDatabase,
  type ServiceRole,
} from './roles.ts';
import { makeServerFolder, removeServerFolder, type ServerFolder } from './server-folder.ts';
import { makeServerLife } from './server-life.ts';
import { startOnFreePort } from './start-on-free-port.ts';

const connectTimeoutMs = 10_000;

/** What an embedded server needs to know. */
export interface EmbeddedOrders {
  readonly maxConnections: number;
  /** The roles of the services; the first owns the database, which has its name. */
  readonly serviceRoles: readonly [string, ...string[]];
  readonly guard: ProcessGuard;
}

/** A PostgreSQL of its own for one run, from npm's programs, on a free port of 127.0.0.1; its data is thrown away. */
export function makeEmbeddedServer(orders: EmbeddedOrders): PostgresServer {
  return {
    start: async (signal) => {
      const account = await findAccount();
      const native = findNativeFolder();
      const folder = await makeServerFolder(account);
      orders.guard.removeAfter(folder.path);
      try {
        return await startIn(folder, { ...orders, native, account, signal });
      } catch (error) {
        await removeServerFolder(folder);
        throw error;
      }
    },
  };
}

interface StartOrders extends EmbeddedOrders {
  readonly native: string;
  readonly account: Account | null;
  readonly signal: AbortSignal;
}

async function startIn(folder: ServerFolder, orders: StartOrders): Promise<RunningPostgres> {
  const programs = await preparePrograms(orders.native, folder.path, orders.account);
  const superuser = { name: monitorRole, password: makePassword() };
  await initCluster({ ...orders, programs, folder, superuser });
  const { postmaster, port } = await startOnFreePort({ ...orders, programs, folder });
  try {
    const address = { host: '127.0.0.1', port };
    const monitor = { ...address, user: superuser.name, password: superuser.password, database: ownDatabase };
    const start = (): Promise<Postmaster> => startPostmaster({ ...orders, programs, folder });
    const life = makeServerLife(postmaster, { folder, monitor, start, guard: orders.guard });
    return await furnish(folder, life, monitor, orders.serviceRoles);
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}

/** Makes the roles, and hands over the server as the run sees it. */
async function furnish(
  folder: ServerFolder,
  life: ReturnType<typeof makeServerLife>,
  monitor: Login,
  [ownerRole, ...otherRoles]: EmbeddedOrders['serviceRoles'],
): Promise<RunningPostgres> {
  const loginOf = (user: string): Login => ({
    ...monitor,
    user,
    password: makePassword(),
    database: ownerRole,
  });
  const service = loginOf(ownerRole);
  const others = otherRoles.map(loginOf);
  const headroom = { ...monitor, user: headroomRole, password: makePassword() };
  // The database that every new cluster has: the harness's own one is about to be made.
  const client = await connect({ ...monitor, database: 'postgres' }, { timeoutMs: connectTimeoutMs });
  try {
    await createRoles(client, [roleOf(service), ...others.map(roleOf)], headroom.password);
    const { version, limits } = await readLimits(client);
    const services = Object.fromEntries([service, ...others].map((login) => [login.user, login]));
    return {
      kind: 'embedded',
      disposable: true,
      version,
      limits,
      monitor,
      headroom,
      admin: monitor,
      service,
      services,
      log: { kind: 'file', path: folder.logFile, form: 'jsonlog' },
      ...life,
    };
  } finally {
    await disconnect(client);
  }
}

function roleOf({ user, password }: Login): ServiceRole {
  return { role: user, password };
}
