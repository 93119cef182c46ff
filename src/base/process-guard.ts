import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { entryPath } from './entry.ts';
import { EnvironmentError } from './errors.ts';
import { isStopped } from './processes/process-state.ts';

/**
 * A small process that outlives its parent by a moment. It holds the reading end of a pipe. However the parent ends
 * (kill -9 included), the pipe closes; the guard then stops the process groups, runs the commands and removes the
 * folders that it was told of. A postmaster, for one, would otherwise live on.
 */
export interface ProcessGuard {
  /** What started under this mark, and all that it started, is ended too, whatever group or session it went to. */
  readonly mark: string;
  /** Guards the group led by this pid. The group gets `signal` first and SIGKILL soon after. */
  watch(pid: number, signal: 'SIGTERM' | 'SIGQUIT' | 'SIGKILL'): void;
  /** The group has ended: its pid may be reused by another process. */
  release(pid: number): void;
  /** A folder to remove once all groups are gone. */
  removeAfter(folder: string): void;
  /** A command to run once all groups are gone, 20 s at most; before any folder is removed. */
  runAfter(command: readonly [string, ...string[]]): void;
  /** Resolves when it can't be kept alive: then a kill -9 of the parent would leave things behind. Never rejects. */
  readonly lost: Promise<string>;
  /** Ends the guard without any clean-up. */
  dismiss(): void;
}

/** A guard that ended or was stopped this often is not replaced any more. */
const maxReplacements = 20;
const lookEveryMs = 250;

/**
 * Starts the guard, in a session of its own so that Ctrl-C in the terminal does not reach it. One that dies or is
 * stopped is replaced at once, and told what its predecessor knew. Throws `EnvironmentError` where none can be started.
 */
export function startProcessGuard(): ProcessGuard {
  const standing = new Map<string, GuardOrder>();
  let replacements = 0;
  let isDismissed = false;
  let tellLost: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tellLost = resolve));
  const begin = (): ChildProcess | null => {
    const child = spawnGuard(() => {
      if (isDismissed) return;
      const next = (replacements += 1) > maxReplacements ? null : begin();
      if (next === null) tellLost('the process guard ended and could not be replaced');
      else for (const order of standing.values()) tell(next, order);
      current = next;
    });
    return child.pid === undefined ? null : child;
  };
  let current = begin();
  if (current === null) throw noGuard();
  const looking = setInterval(() => {
    const pid = current?.pid;
    // A stopped guard would not notice the end of its parent.
    if (pid !== undefined && isStopped(pid) === true) current?.kill('SIGKILL');
  }, lookEveryMs).unref();
  const keep = (key: string, order: GuardOrder): void => {
    standing.set(key, order);
    tell(current, order);
  };
  const mark = randomUUID();
  keep('mark', { do: 'mark', mark });
  return {
    mark,
    watch: (pid, signal) => keep(`pid ${pid}`, { do: 'watch', pid, signal }),
    release: (pid) => {
      standing.delete(`pid ${pid}`);
      tell(current, { do: 'release', pid });
    },
    removeAfter: (folder) => keep(`folder ${folder}`, { do: 'remove', folder }),
    runAfter: (command) => keep(`command ${JSON.stringify(command)}`, { do: 'run', command }),
    lost,
    dismiss: () => {
      isDismissed = true;
      clearInterval(looking);
      tell(current, { do: 'dismiss' });
    },
  };
}

function spawnGuard(onEnd: () => void): ChildProcess {
  const child = spawn(process.execPath, [entryPath('base/guard-main')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // One that could not be started has no pid.
  child.on('error', () => undefined);
  child.once('exit', onEnd);
  child.unref();
  // The guard may be gone before its parent, during teardown: there is nothing left to tell it.
  child.stdin.on('error', () => undefined);
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return child;
}

function tell(child: ChildProcess | null, order: GuardOrder): void {
  child?.stdin?.write(`${JSON.stringify(order)}\n`);
}

function noGuard(): EnvironmentError {
  const hint = 'raise the limits: ulimit -u, ulimit -n';
  return new EnvironmentError([
    { message: "can't start the process guard: no process or file is left", hint },
  ]);
}

/** What the guard is told, one JSON object a line. */
export type GuardOrder =
  | { readonly do: 'watch'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly do: 'release'; readonly pid: number }
  | { readonly do: 'mark'; readonly mark: string }
  | { readonly do: 'remove'; readonly folder: string }
  | { readonly do: 'run'; readonly command: readonly [string, ...string[]] }
  | { readonly do: 'dismiss' };
