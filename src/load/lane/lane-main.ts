import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { makeRunClock } from '../../base/clock.ts';
import { InputError } from '../../base/errors.ts';
import { watchStalls } from '../../base/stall-watch.ts';
import { makeAttemptBlocks } from '../../evidence/dataset/attempt-block.ts';
import { RequestBuilder } from '../request/request-builder.ts';
import { Lane } from './lane.ts';
import { cell } from './shared.ts';
import type { LaneMessage, LaneOrder, LaneOrders } from './thread-message.ts';
import { makeTransport } from '../wire/make-transport.ts';

/** Attempts go to the conductor this often, or as soon as there are `flushAt` of them. */
const flushEveryMs = 250;
const flushAt = 1000;

if (parentPort !== null) await runLane(parentPort, workerData as LaneOrders);

async function runLane(port: MessagePort, orders: LaneOrders): Promise<void> {
  const { cells } = orders.shared;
  const own = cell.due + orders.lane;
  const blocks = makeAttemptBlocks(flushAt);
  const tell = (message: LaneMessage): void => port.postMessage(message);
  const flush = (): void => {
    const block = blocks.take();
    if (block === null) return;
    port.postMessage({ kind: 'attempts', block } satisfies LaneMessage, [block.numbers.buffer]);
  };
  const clock = makeRunClock(orders.originNs);
  const transport = await makeTransport(orders.url, { connections: orders.client.connections, clock });
  const jars = orders.client.cookies ? (await import('../request/cookies.ts')).makeCookieJars() : null;
  const builder = new RequestBuilder(orders, jars);
  const lane = new Lane(
    orders,
    { clock, transport, builder },
    {
      onAttempt: (attempt) => {
        if (blocks.add(attempt)) flush();
      },
      onDone: (report) => {
        flush();
        tell({ kind: 'done', report });
      },
    },
  );
  port.on('message', (order: LaneOrder) => {
    if (order.do === 'stop') lane.stop(order.drainMs);
    else if (order.do === 'authorize') builder.authorize(order.token);
    else blocks.reuse(order.numbers);
  });
  // Thrown from wherever a request is sent. The class of an error is lost between threads, so its problems are sent.
  process.on('uncaughtException', (error) => {
    if (!(error instanceof InputError)) throw error;
    flush();
    tell({ kind: 'refused', problems: error.problems });
    lane.stop(0);
  });
  await lane.warmUp();
  watchStalls(clock, (stall) => tell({ kind: 'stall', stall }));
  tell({ kind: 'ready' });
  setInterval(flush, flushEveryMs);
  for (;;) {
    const due = Atomics.load(cells, own);
    lane.sendUpTo(due);
    const wake = Atomics.waitAsync(cells, own, due);
    // Even when more is due already, give the event loop a turn: answers must be read too.
    await (wake.async ? wake.value : nextTurn());
  }
}
