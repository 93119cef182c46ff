import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { entryPath } from './entry.ts';

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
  /** Ends the guard without any clean-up. */
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
  // The guard may be gone before its parent, during teardown: there is nothing left to tell it.
  pipe?.on('error', () => undefined);
  (pipe as unknown as { unref?: () => void } | null)?.unref?.();
  const tell = (order: GuardOrder): void => void pipe?.write(`${JSON.stringify(order)}\n`);
  const mark = randomUUID();
  tell({ do: 'mark', mark });
  return {
    mark,
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
  | { readonly do: 'mark'; readonly mark: string }
  | { readonly do: 'remove'; readonly folder: string }
  | { readonly do: 'run'; readonly command: readonly [string, ...string[]] }
  | { readonly do: 'dismiss' };
