import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { within } from '../../../base/deadline.ts';
import { endMarked, markName } from '../../../base/processes/marked-processes.ts';
import { outOfSight } from '../../../base/secrets/out-of-sight.ts';
import type { ProcessGuard } from '../../../base/process-guard.ts';
import type { ContainerOrders, Exit, RunningContainer } from './container-run.ts';
import { followLines } from './lines.ts';
import { listeningPorts } from './ports/listening-ports.ts';
import { OutputTail } from './output-tail.ts';

const shownLines = 10;

/** How long output may lag behind the exit. */
const outputLagMs = 200;

/**
 * Starts a program as the leader of a process group of its own, under the guard: it can't outlive this process.
 * SIGTERM goes to the program itself, as the first process of a container gets it; every other signal goes to
 * the whole group, which ends with the program. As in a container, so does every daemon that it started. `watch` begins
 * to watch the program, and returns how to end that.
 */
export function runProcess(
  orders: ContainerOrders,
  guard: ProcessGuard,
  watch: (pid: number) => () => void = () => () => undefined,
): RunningContainer {
  const mark = `${guard.mark}.${randomUUID()}`;
  const child = spawnMarked(orders, mark);
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid, 'SIGKILL');
  const unwatch = pid === undefined ? () => undefined : watch(pid);

  const output = { stderr: new OutputTail(), stdout: new OutputTail() };
  const follow = (stream: Readable, name: 'stdout' | 'stderr'): void =>
    followLines(stream, (line) => {
      output[name].add(line);
      orders.onLine(name, line);
    });
  follow(child.stderr, 'stderr');
  follow(child.stdout, 'stdout');
  const closed = once(child, 'close').catch(() => undefined);
  let killer: NodeJS.Timeout | undefined;

  const finish = async (code: number | null, signal: string | null, error: string | null): Promise<Exit> => {
    clearTimeout(killer);
    unwatch();
    if (pid !== undefined) {
      signalGroup(pid, 'SIGKILL');
      guard.release(pid);
      await endMarked(mark);
    }
    await within(closed, outputLagMs, undefined);
    const lines = [...output.stdout.last(shownLines), ...output.stderr.last(shownLines)];
    return { code, signal, error, output: lines.slice(-shownLines) };
  };
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => void finish(code, signal, null).then(resolve));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (pid === undefined) void finish(null, null, error.code ?? error.message).then(resolve);
    });
  });
  const signalAll = (signal: NodeJS.Signals): void => {
    if (pid !== undefined && !hasEnded(child)) signalGroup(pid, signal);
  };
  return {
    exited,
    onExit: (react) => void child.once('exit', react),
    terminate: (graceMs) => {
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      clearTimeout(killer);
      killer = setTimeout(() => signalAll('SIGKILL'), graceMs);
    },
    kill: () => signalAll('SIGKILL'),
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    listeningPorts: () => (pid === undefined ? Promise.resolve([]) : listeningPorts(pid)),
  };
}

function spawnMarked(
  { command, cwd, env }: ContainerOrders,
  mark: string,
): ChildProcessByStdio<null, Readable, Readable> {
  const quiet = outOfSight(command);
  const [file = '', ...args] = quiet.command;
  return spawn(file, args, {
    ...(cwd === null ? {} : { cwd }),
    env: { ...env, ...quiet.env, [markName]: mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
