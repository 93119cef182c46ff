import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../base/deadline.ts';
import { OutputTail } from './output-tail.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';

/** How a program is run. */
export interface ProcessOrders {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a process ended. `error`: it never began, with the system's code such as ENOENT. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error: string | null;
  /** The last lines it printed, standard error before standard output. */
  readonly output: readonly string[];
}

/** A program that runs as the leader of a process group of its own. */
export interface ServiceProcess {
  /** Resolves when the process has ended and its whole group is gone. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Called in the very moment the process ends, before anything is awaited. */
  onExit(react: () => void): void;
  /**
   * SIGTERM to the process itself, as the first process of a container gets it; what is left of the group
   * after `graceMs` gets SIGKILL.
   */
  terminate(graceMs: number): void;
}

const shownLines = 10;

/** How long output may lag behind the exit. */
const outputLagMs = 200;

/** Starts the program under the guard: it can't outlive this process. */
export function runProcess(orders: ProcessOrders, guard: ProcessGuard): ServiceProcess {
  const [file, ...args] = orders.command;
  const child = spawn(file, args, {
    cwd: orders.cwd,
    env: orders.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid, 'SIGKILL');

  const output = { stderr: new OutputTail(), stdout: new OutputTail() };
  output.stderr.follow(child.stderr);
  output.stdout.follow(child.stdout);
  const closed = once(child, 'close').catch(() => undefined);
  let killer: NodeJS.Timeout | undefined;

  const finish = async (code: number | null, signal: string | null, error: string | null): Promise<Exit> => {
    clearTimeout(killer);
    if (pid !== undefined) {
      signalGroup(pid, 'SIGKILL');
      guard.release(pid);
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
  return {
    exited,
    onExit: (react) => void child.once('exit', react),
    terminate: (graceMs) => {
      if (hasEnded(child) || pid === undefined) return;
      child.kill('SIGTERM');
      clearTimeout(killer);
      killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    },
  };
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
