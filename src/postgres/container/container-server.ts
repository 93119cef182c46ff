import { randomBytes } from 'node:crypto';
import getPort from 'get-port';
import { InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { connectDocker, type Docker } from '../../docker/connect-docker.ts';
import { removeLabelled, removeWhenKilled, type OwnerLabel } from '../../docker/remove-labelled.ts';
import { makePassword, monitorRole, ownDatabase } from '../roles.ts';
import { prepareServer } from '../prepare-server.ts';
import type { Login, PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { containerLife } from './container-life.ts';
import { containerLog } from './container-log.ts';
import { startPostgresContainer } from './postgres-container.ts';
import { linePrefix } from './settings.ts';

/** What a server in a container needs to know. */
export interface ContainerServerOrders {
  /** Such as `postgres:17`; fetched where it is not on this machine. */
  readonly image: string;
  readonly maxConnections: number;
  /** The roles of the services; the first owns the database, which has its name. */
  readonly serviceRoles: readonly [string, ...string[]];
  readonly guard: ProcessGuard;
}

/** A PostgreSQL of its own for one run, in a container, on a free port of 127.0.0.1; its data goes with it. */
export function makeContainerServer(orders: ContainerServerOrders): PostgresServer {
  return {
    start: async (signal) => {
      const label: OwnerLabel = { name: 'poolproof.postgres', value: randomBytes(8).toString('hex') };
      const docker = await connectDocker();
      removeWhenKilled(orders.guard, label);
      try {
        return await startServer(docker, orders, label, signal);
      } catch (error) {
        await removeLabelled(docker, label).catch(() => undefined);
        throw error;
      }
    },
  };
}

async function startServer(
  docker: Docker,
  { image, maxConnections, serviceRoles }: ContainerServerOrders,
  label: OwnerLabel,
  signal: AbortSignal,
): Promise<RunningPostgres> {
  const monitor: Login = {
    host: '127.0.0.1',
    // A port that Docker chose would be another one after a restart.
    port: await getPort({ host: '127.0.0.1' }),
    user: monitorRole,
    password: makePassword(),
    database: ownDatabase,
  };
  const superuser = { ...monitor, database: 'postgres' };
  const starting = startPostgresContainer(docker, { image, label, maxConnections, superuser }, signal);
  const container = await untilAborted(starting, signal);
  const prepared = await prepareServer(monitor, serviceRoles);
  const log = containerLog(container);
  const onRestarted = (since: number): Promise<void> => log.continueFrom(since);
  const life = containerLife({ docker, container, label, monitor, onRestarted });
  return { kind: 'container', ...prepared, log: { ...logFormat, kind: 'stream', open: log.open }, ...life };
}

/** Whatever Docker still makes afterwards is removed by its label. */
async function untilAborted<T>(starting: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = (): void =>
      reject(new InterruptedError([{ message: 'stopped while Postgres was starting' }]));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => undefined);
  starting.catch(() => undefined);
  return Promise.race([starting, stopped]);
}

/** The server sees connections from Docker's own proxy or network rules, so their ports are not ours. */
const logFormat = { form: 'stderr', linePrefix, timeZone: 'UTC', isTranslated: true } as const;
