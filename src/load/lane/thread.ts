import { Worker } from 'node:worker_threads';
import { entryPath } from '../../base/entry.ts';
import { DefectError, InputError, messageOf } from '../../base/errors.ts';
import { asKnownError } from '../../base/system-error.ts';
import type { LaneMessage, LaneOrder, LaneOrders, PacerMessage, PacerOrders } from './thread-message.ts';

/** Requests leave only short-lived garbage: a small young generation keeps memory flat and costs no extra time. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

/** A thread of the generator. */
export interface Thread {
  /**
   * Never resolves. Rejects with `DefectError` when the thread fails or ends before its work is done, and
   * with `InputError` when a request can't be sent as the scenario asks for it.
   */
  readonly failed: Promise<never>;
  tell(order: LaneOrder, transfer?: readonly ArrayBuffer[]): void;
  end(): Promise<void>;
}

/** Starts a thread from the build; `onMessage` is called with everything it posts. */
export function startThread(
  entry: 'lane/lane-main' | 'pacer/pacer-main',
  orders: LaneOrders | PacerOrders,
  onMessage: (message: LaneMessage | PacerMessage) => void,
): Thread {
  // Not the flags of whoever called the library: some, such as --input-type, would keep a file from being run.
  const worker = new Worker(entryPath(`load/${entry}`), { workerData: orders, resourceLimits, execArgv: [] });
  let isOver = false;
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string, cause?: unknown): void => {
      const known = asKnownError(cause);
      const message = `the load generator failed: ${why}`;
      if (!isOver) reject(known ?? new DefectError([{ message }], { cause }));
    };
    worker.on('error', (error) => fail(messageOf(error), error));
    worker.on('exit', (code) => fail(`its ${entry.split('/')[0] ?? ''} thread ended with code ${code}`));
    worker.on('message', (message: LaneMessage | PacerMessage) => {
      if (message.kind === 'refused') reject(new InputError(message.problems));
    });
  });
  // A failure is reported to whoever awaits it. Until then it must not end the process as an unhandled rejection.
  failed.catch(() => undefined);
  worker.on('message', (message: LaneMessage | PacerMessage) => {
    isOver ||= message.kind === 'done' || message.kind === 'paced';
    onMessage(message);
  });
  return {
    failed,
    tell: (order, transfer = []) => worker.postMessage(order, transfer),
    end: async () => {
      isOver = true;
      await worker.terminate();
    },
  };
}
