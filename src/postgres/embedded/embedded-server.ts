import type { ProcessGuard } from '../../base/process-guard.ts';
import { prepareServer } from '../prepare-server.ts';
import type { PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { makePassword, monitorRole, ownDatabase } from '../roles.ts';
import { findAccount, type Account } from './account.ts';
import { initCluster } from './init-cluster.ts';
import { findNativeFolder } from './native-folder.ts';
import { startPostmaster, type Postmaster } from './postmaster.ts';
import { preparePrograms } from './programs.ts';
import { makeServerFolder, removeServerFolder, type ServerFolder } from './server-folder.ts';
import { removeSharedMemory } from './shared-memory.ts';
import { makeServerLife } from './server-life.ts';
import { startOnFreePort } from './start-on-free-port.ts';

/** What an embedded server needs to know. */
export interface EmbeddedOrders {
  readonly maxConnections: number;
  /** The roles of the services; the first owns the database, which has its name. */
  readonly serviceRoles: readonly [string, ...string[]];
  readonly guard: ProcessGuard;
}

/** A PostgreSQL of its own for one run, from npm's programs, on a free port of 127.0.0.1; its data goes with it. */
export function makeEmbeddedServer(orders: EmbeddedOrders): PostgresServer {
  return {
    start: async (signal) => {
      const account = await findAccount();
      const native = findNativeFolder();
      const folder = await makeServerFolder(account);
      orders.guard.removeAfter(folder.path);
      orders.guard.runAfter(removeSharedMemory(folder));
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
    const prepared = await prepareServer(monitor, orders.serviceRoles);
    return {
      kind: 'embedded',
      ...prepared,
      log: { kind: 'file', path: folder.logFile, form: 'jsonlog' },
      ...life,
    };
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}
