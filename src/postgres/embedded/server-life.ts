import { sleep, within } from '../../base/deadline.ts';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { openObserver } from '../connect.ts';
import { disconnect } from '../disconnect.ts';
import type { Login, RestartMode, RunningPostgres, ServerProcesses } from '../postgres-server.ts';
import { lastLines } from './last-lines.ts';
import type { Postmaster } from './postmaster.ts';
import { removeServerFolder, type ServerFolder } from './server-folder.ts';

/** What a server's life needs: where it lives, whom it lets in at any time, and how it is started again. */
export interface LifeOrders {
  readonly folder: ServerFolder;
  readonly monitor: Login;
  readonly start: () => Promise<Postmaster>;
  readonly guard: ProcessGuard;
}

type Life = Pick<RunningPostgres, 'lost' | 'stop'> & { readonly processes: ServerProcesses };

const connectTimeoutMs = 2000;
/** Sessions that a smart shutdown waits for may never end: then it goes on as a fast one. */
const smartLimitMs = 10_000;
const fastLimitMs = 15_000;
const recoveryLimitMs = 30_000;
const pollMs = 20;

/** One postmaster after the other; only an end that nobody asked for is a loss. */
export function makeServerLife(first: Postmaster, orders: LifeOrders): Life {
  let postmaster = first;
  let expected = false;
  let stopped: Promise<void> | null = null;
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));
  const watch = (one: Postmaster): void => {
    void one.ended.then(async (why) => {
      if (expected || stopped !== null) return;
      const lines = await lastLines(orders.folder.logFile, '');
      tellLost(['Postgres is gone: ' + why, ...lines].join('\n  '));
    });
  };
  watch(first);

  const frozen = new Set<number>();
  const thaw = (): Promise<void> => {
    for (const pid of frozen) signalTo(pid, 'SIGCONT');
    for (const pid of frozen) if (pid !== postmaster.pid) orders.guard.release(pid);
    frozen.clear();
    return Promise.resolve();
  };
  const freeze: ServerProcesses['freeze'] = async (what) => {
    const pids = what === 'postmaster' ? [postmaster.pid] : await backendsOf(orders.monitor, what.role);
    const stoppedPids = pids.filter((pid) => signalTo(pid, 'SIGSTOP'));
    for (const pid of stoppedPids) frozen.add(pid);
    // A backend notices by itself that its postmaster is gone, unless it is stopped; each leads a group of its own.
    for (const pid of stoppedPids) if (pid !== postmaster.pid) orders.guard.watch(pid, 'SIGKILL');
    return stoppedPids.length;
  };
  const restart = async (mode: RestartMode): Promise<void> => {
    await thaw();
    if (mode === 'crash') return crash(orders.monitor);
    expected = true;
    try {
      await endBy(postmaster, mode);
      postmaster = await orders.start();
    } catch (error) {
      tellLost(`Postgres does not come back: ${messageOf(error)}`);
      throw error;
    } finally {
      expected = false;
    }
    watch(postmaster);
  };
  const stopOnce = async (): Promise<void> => {
    await thaw();
    await postmaster.stop();
    await removeServerFolder(orders.folder);
  };
  return { lost, stop: () => (stopped ??= stopOnce()), processes: { restart, freeze, thaw } };
}

async function endBy(postmaster: Postmaster, mode: 'smart' | 'fast' | 'immediate'): Promise<void> {
  const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
  signalTo(postmaster.pid, signals[mode]);
  const ended = await within(postmaster.ended, mode === 'smart' ? smartLimitMs : fastLimitMs, null);
  if (ended === null) await postmaster.stop();
}

interface Sight {
  readonly pid: number;
  readonly checkpointer: string;
}

/** A session of our own dies by SIGKILL; the server then ends all others and recovers. */
async function crash(monitor: Login): Promise<void> {
  const before = await look(monitor, ({ pid }) => signalTo(pid, 'SIGKILL'));
  for (let waitedMs = 0; waitedMs < recoveryLimitMs; waitedMs += pollMs) {
    await sleep(pollMs);
    const now = await look(monitor).catch(() => null);
    // Until it has noticed, it takes connections as before.
    if (now !== null && now.checkpointer !== before.checkpointer) return;
  }
  throw new EnvironmentError([
    { message: `Postgres did not recover within ${recoveryLimitMs / 1000} s of a crash` },
  ]);
}

/** Looks by a session of its own; `act` is called while that is still there. */
async function look(monitor: Login, act: (sight: Sight) => unknown = () => undefined): Promise<Sight> {
  const client = await openObserver(monitor, connectTimeoutMs);
  try {
    const { rows } = await client.query<{ pid: string; began: string }>(
      `select pg_backend_pid() as pid, backend_start::text as began from pg_stat_activity
      where backend_type = 'checkpointer'`,
    );
    const sight = { pid: Number(rows[0]?.pid), checkpointer: rows[0]?.began ?? '' };
    if (sight.checkpointer === '') throw new Error('the server has no checkpointer yet');
    act(sight);
    return sight;
  } finally {
    await disconnect(client);
  }
}

async function backendsOf(monitor: Login, role: string): Promise<readonly number[]> {
  const client = await openObserver(monitor, connectTimeoutMs);
  try {
    const { rows } = await client.query<{ pid: string }>(
      `select pid from pg_stat_activity
      where backend_type = 'client backend' and usename = ${client.escapeLiteral(role)}`,
    );
    return rows.map(({ pid }) => Number(pid));
  } finally {
    await disconnect(client);
  }
}

/** False when it is gone. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
