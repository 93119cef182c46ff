import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { makeRunClock } from '../base/clock.ts';
import type { Attempt } from '../evidence/attempt.ts';
import { encodeAttempts } from './attempt-columns.ts';
import { Lane } from './lane.ts';
import { cell } from './shared.ts';
import type { LaneMessage, LaneOrder, LaneOrders } from './thread-message.ts';

/** Attempts go to the conductor this often, or sooner when so many have come together. */
const flushEveryMs = 250;
const flushAt = 1000;

if (parentPort !== null) await runLane(parentPort, workerData as LaneOrders);

async function runLane(port: MessagePort, orders: LaneOrders): Promise<void> {
  const { cells } = orders.shared;
  const own = cell.due + orders.lane;
  const batch: Attempt[] = [];
  const tell = (message: LaneMessage): void => port.postMessage(message);
  const flush = (): void => {
    if (batch.length === 0) return;
    const encoded = encodeAttempts(batch.splice(0));
    port.postMessage({ kind: 'attempts', batch: encoded } satisfies LaneMessage, [encoded.numbers.buffer]);
  };
  const lane = new Lane(orders, makeRunClock(orders.originNs), {
    onAttempt: (attempt) => {
      if (batch.push(attempt) >= flushAt) flush();
    },
    onDone: (report) => {
      flush();
      tell({ kind: 'done', report });
    },
  });
  port.on('message', (order: LaneOrder) => lane.stop(order.drainMs));
  await lane.warmUp();
  tell({ kind: 'ready' });
  setInterval(flush, flushEveryMs);
  for (;;) {
    const due = Atomics.load(cells, own);
    lane.sendUpTo(due);
    await Atomics.waitAsync(cells, own, due).value;
  }
}
