import { getHeapStatistics } from 'node:v8';
import { DefectError, messageOf } from '../base/errors.ts';
import { onceMore, type ExitCode } from './exit-codes.ts';
import { printError } from './print-error.ts';

/** The end of this process, and the one place that decides its exit code. */
export interface Ending {
  /** The command is done. */
  readonly finish: (code: ExitCode) => void;
  /** The command, or a stream that it writes to, has failed. */
  fail(error: unknown): void;
  /** Something failed that nobody awaits: what goes on is ended in order, and the process exits with 70. */
  defect(error: unknown): void;
  /** Who is told of an error that nobody awaits, and ends what goes on. Returns how to stop listening. */
  onDefect(stop: (why: DefectError) => void): () => void;
}

/** What goes on may take this long to be undone; then the process ends, and its guard cleans up. */
const undoLimitMs = 60_000;

/**
 * How much of its memory may be in use before the process ends by itself. Not more: near the limit V8 does little but
 * collect, and what is to be undone needs some memory too.
 */
const memoryShare = 0.8;
const lookEveryMs = 200;

/** What Node.js itself exits with after an error, or when the command never ends. */
const ofNode: readonly unknown[] = [0, 1, 7, 13];

/**
 * Listens for errors outside any await, for the end of memory, and for a command that never ends. Each of them is a
 * defect: it is shown in one line, what goes on is ended in order, and the process exits with 70.
 */
export function makeEnding(): Ending {
  let decided: ExitCode | null = null;
  let stop: ((why: DefectError) => void) | null = null;
  const decide = (code: ExitCode): void => void (decided = onceMore(decided, code));
  const defect = (error: unknown): void => {
    const isFirst = decided !== 70;
    decide(70);
    if (!isFirst) return;
    printError(new DefectError([{ message: messageOf(error) }], { cause: error }));
    if (stop === null) process.exit(70);
    stop(new DefectError([{ message: `poolproof itself failed: ${messageOf(error)}` }]));
    setTimeout(() => process.exit(70), undoLimitMs).unref();
  };
  process.on('uncaughtException', defect);
  watchMemory(() => defect(new Error('out of memory; NODE_OPTIONS=--max-old-space-size=8192 gives it 8 GB')));
  process.on('exit', (code) => {
    if (decided === null && ofNode.includes(code))
      printError(new DefectError([{ message: `it ended unfinished (Node.js: ${code})` }]));
    process.exitCode = decided ?? (ofNode.includes(code) ? 70 : code);
  });
  return {
    finish: decide,
    fail: (error) => decide(printError(error)),
    defect,
    onDefect: (react) => {
      stop = react;
      return () => (stop = null);
    },
  };
}

/** An allocation that fails ends the process on the spot, so the end has to come before that. */
function watchMemory(onFull: () => void): void {
  const timer = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    if (used < memoryShare * limit) return;
    clearInterval(timer);
    onFull();
  }, lookEveryMs).unref();
}
