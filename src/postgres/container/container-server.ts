import { randomBytes } from 'node:crypto';
import getPort from 'get-port';
import { entryPath } from '../../base/entry.ts';
import { InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { makePassword, monitorRole, ownDatabase } from '../roles.ts';
import { furnish } from '../furnish.ts';
import type { Login, PostgresServer, RunningPostgres } from '../postgres-server.ts';
import { containerLog } from './container-log.ts';
import { linePrefix, serverArguments } from './settings.ts';
import { cannotStart } from './start-problem.ts';
import { untilItAnswers } from './until-it-answers.ts';

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
      const label = randomBytes(8).toString('hex');
      orders.guard.runAfter([process.execPath, entryPath('postgres/container/remove-left-main'), label]);
      const { removeLeft } = await import('./remove-left.ts');
      try {
        return await startContainer(orders, label, signal);
      } catch (error) {
        await removeLeft(label).catch(() => undefined);
        throw error;
      }
    },
  };
}

async function startContainer(
  { image, maxConnections, serviceRoles }: ContainerServerOrders,
  label: string,
  signal: AbortSignal,
): Promise<RunningPostgres> {
  const { PostgresContainer } = await import('./postgres-container.ts');
  const { containerLife } = await import('./container-life.ts');
  const password = makePassword();
  // A port that Docker chose would be another one after a restart.
  const port = await getPort({ host: '127.0.0.1' });
  const ordered = new PostgresContainer(image, label, port)
    .withEnvironment({
      POSTGRES_USER: monitorRole,
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: 'postgres',
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-sync',
    })
    .withCommand(['postgres', ...serverArguments(maxConnections)]);
  const container = await untilAborted(ordered.start(), signal).catch((error: unknown) => {
    throw error instanceof InterruptedError ? error : cannotStart(error, image, ordered.lastLines());
  });
  const monitor: Login = {
    // Published there by the container's own orders, wherever the library would look for it.
    host: '127.0.0.1',
    port,
    user: monitorRole,
    password,
    database: ownDatabase,
  };
  await untilItAnswers({ ...monitor, database: 'postgres' }, signal);
  const furnished = await furnish(monitor, serviceRoles);
  const log = containerLog(container);
  const life = await containerLife({
    container,
    label,
    monitor,
    onRestarted: (since) => log.continueFrom(since),
  });
  return { kind: 'container', ...furnished, log: { ...logFormat, kind: 'stream', open: log.open }, ...life };
}

/** Docker itself can't be told to give up; what it still makes is removed by its label. */
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

/** Docker's own proxy, or its network rules, make the connection that the server sees. */
const logFormat = { form: 'stderr', linePrefix, timeZone: 'UTC', isTranslated: true } as const;
