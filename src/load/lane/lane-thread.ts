import type { Stall } from '../../base/stall-watch.ts';
import type { AttemptBlock } from '../../evidence/dataset/attempt-block.ts';
import type { LaneReport } from '../load.ts';
import type { LaneOrders, PacerOrders } from './thread-message.ts';
import { startThread, type Thread } from './thread.ts';

/** A lane, as the conductor sees it. */
export interface LaneThread {
  readonly thread: Thread;
  readonly ready: Promise<boolean>;
  readonly report: Promise<LaneReport>;
}

/** Starts a lane. Its report comes after its last block of attempts. */
export function startLane(
  orders: LaneOrders,
  onAttempts: (block: AttemptBlock) => void,
  onStall: (stall: Stall) => void,
): LaneThread {
  const ready = makeArrival<boolean>();
  const report = makeArrival<LaneReport>();
  const thread = startThread('lane/lane-main', orders, (message) => {
    if (message.kind === 'ready') ready.arrive(true);
    if (message.kind === 'attempts') onAttempts(withReturn(message.block));
    if (message.kind === 'stall') onStall(message.stall);
    if (message.kind === 'done') report.arrive(message.report);
  });
  const withReturn = (block: AttemptBlock): AttemptBlock => {
    const { numbers } = block;
    return { ...block, free: () => thread.tell({ do: 'reuse', numbers }, [numbers.buffer]) };
  };
  return { thread, ready: ready.promise, report: report.promise };
}

/** The pacer, as the conductor sees it. */
export interface PacerThread {
  readonly thread: Thread;
  /** Its CPU time in microseconds, once the last arrival is due or load was stopped. */
  readonly cpuUs: Promise<number>;
}

/** Starts the pacer. */
export function startPacer(orders: PacerOrders): PacerThread {
  const paced = makeArrival<number>();
  const thread = startThread('pacer/pacer-main', orders, (message) => {
    if (message.kind === 'paced') paced.arrive(message.cpuUs);
  });
  return { thread, cpuUs: paced.promise };
}

/** A promise and what resolves it. */
function makeArrival<T>(): { readonly promise: Promise<T>; readonly arrive: (value: T) => void } {
  let arrive: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (arrive = resolve));
  return { promise, arrive };
}
