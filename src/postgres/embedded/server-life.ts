import { within } from '../../base/deadline.ts';
import { messageOf } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import { childrenOf, isStopped } from '../../base/processes/process-state.ts';
import { backendsOf, endLimitMs, harderThan, look, untilRecovered } from '../control/server-end.ts';
import { countStopped } from '../control/stopped-processes.ts';
import type { Login, Restarted, RestartMode, RunningPostgres, ServerProcesses } from '../postgres-server.ts';
import { lastLines } from './last-lines.ts';
import type { Postmaster } from './postmaster.ts';
import { removeServerFolder, type ServerFolder } from './server-folder.ts';
import { removeSharedMemoryNow } from './shared-memory.ts';

/** What the life of a server needs: its folder, a login that always works, and how to start it again. */
export interface LifeOrders {
  readonly folder: ServerFolder;
  readonly monitor: Login;
  readonly start: () => Promise<Postmaster>;
  readonly guard: ProcessGuard;
}

type Life = Pick<RunningPostgres, 'lost' | 'frozen' | 'stop'> & { readonly processes: ServerProcesses };

/** One postmaster after another; only an end that nobody asked for is a loss. */
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
  const restart = async (mode: RestartMode): Promise<Restarted> => {
    await thaw();
    if (mode === 'crash') return crash(orders.monitor);
    expected = true;
    let harder: string | null;
    try {
      harder = await endBy(postmaster, mode);
      postmaster = await orders.start();
    } catch (error) {
      tellLost(`Postgres does not come back: ${messageOf(error)}`);
      throw error;
    } finally {
      expected = false;
    }
    watch(postmaster);
    return { harder };
  };
  const stopOnce = async (): Promise<void> => {
    await thaw();
    await postmaster.stop();
    await removeSharedMemoryNow(orders.folder);
    await removeServerFolder(orders.folder);
  };
  return {
    lost,
    frozen: () => isFrozen(postmaster.pid, frozen),
    stop: () => (stopped ??= stopOnce()),
    processes: { restart, freeze, thaw, stopped: countStopped },
  };
}

/** Whether somebody else stopped the postmaster or one of its processes; null where it is not there to be asked. */
function isFrozen(pid: number, byUs: ReadonlySet<number>): boolean | null {
  if (isStopped(pid) === null) return null;
  return [pid, ...childrenOf(pid)].some((one) => !byUs.has(one) && isStopped(one) === true);
}

/** Yields in words that it had to be ended in a harder way; else null. */
async function endBy(
  postmaster: Postmaster,
  mode: 'smart' | 'fast' | 'immediate',
): Promise<Restarted['harder']> {
  const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
  signalTo(postmaster.pid, signals[mode]);
  const ended = await within(postmaster.ended, endLimitMs(mode), null);
  if (ended !== null) return null;
  await postmaster.stop();
  return harderThan(mode);
}

/** Kills a session of our own by SIGKILL; the server then ends all others and recovers. */
async function crash(monitor: Login): Promise<Restarted> {
  const before = await look(monitor, ({ pid }) => signalTo(pid, 'SIGKILL'));
  await untilRecovered(monitor, before);
  return { harder: null };
}

/** False when it is gone. */
function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
