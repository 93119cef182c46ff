import { spawn, type ChildProcess } from 'node:child_process';
import { entryPath } from './entry.ts';

/**
 * A small process that outlives its parent by a moment. It holds the reading end of a pipe; when the parent
 * ends, however it ends (kill -9 included), the pipe closes and the guard stops every process group it was
 * told of, runs the commands and removes the folders it was told of. A postmaster, for one, would otherwise live on.
 */
export interface ProcessGuard {
  /** Guards the group led by this pid. The group gets `signal` first and SIGKILL soon after. */
  watch(pid: number, signal: 'SIGTERM' | 'SIGQUIT' | 'SIGKILL'): void;
  /** The group has ended by itself: its number may be given to someone else. */
  release(pid: number): void;
  /** A folder to remove once all groups are gone. */
  removeAfter(folder: string): void;
  /** A command to run once all groups are gone, 20 s at most; before any folder is removed. */
  runAfter(command: readonly [string, ...string[]]): void;
  /** Lets the guard go, without it doing anything. */
  dismiss(): void;
}

/** Starts the guard, in a session of its own so that Ctrl-C in the terminal does not reach it. */
export function startProcessGuard(): ProcessGuard {
  const child: ChildProcess = spawn(process.execPath, [entryPath('base/guard-main')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  const pipe = child.stdin;
  // The guard may be gone already when its parent is being torn down; there is nothing left to tell it.
  pipe?.on('error', () => undefined);
  (pipe as unknown as { unref?: () => void } | null)?.unref?.();
  const tell = (order: GuardOrder): void => void pipe?.write(`${JSON.stringify(order)}\n`);
  return {
    watch: (pid, signal) => tell({ do: 'watch', pid, signal }),
    release: (pid) => tell({ do: 'release', pid }),
    removeAfter: (folder) => tell({ do: 'remove', folder }),
    runAfter: (command) => tell({ do: 'run', command }),
    dismiss: () => tell({ do: 'dismiss' }),
  };
}

/** What the guard is told, one JSON object a line. */
export type GuardOrder =
  | { readonly do: 'watch'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly do: 'release'; readonly pid: number }
  | { readonly do: 'remove'; readonly folder: string }
  | { readonly do: 'run'; readonly command: readonly [string, ...string[]] }
  | { readonly do: 'dismiss' };
