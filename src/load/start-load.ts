import { availableParallelism } from 'node:os';
import { peakRate } from '../plan/planned-phases.ts';
import { makeThreadGroup, type ThreadGroup } from './lane/thread-group.ts';
import { laneOrders, longestUs } from './lane/lane-orders.ts';
import { startLane, startPacer, type LaneThread, type PacerThread } from './lane/lane-thread.ts';
import { laneCount, sharingOf } from './lane/lanes.ts';
import type { LoadOrders, LoadOutcome, RunningLoad } from './load.ts';
import { cell, shareSchedule } from './lane/shared.ts';
import { progressOf } from './lane/progress.ts';
import { startTokenRefresh } from './request/token-refresh.ts';

/** How long the threads may take to start, and to end once no work can be left. */
const startLimitMs = 15_000;
const endLimitMs = 5_000;

/**
 * Starts the lanes and the pacer and resolves when they are ready; the first phase starts at `loadStartUs`.
 * Throws `KnownError` when a thread can't start or an ID token can't be had.
 */
export async function startLoad(orders: LoadOrders): Promise<RunningLoad> {
  const { plan, clock, loadStartUs, onAttempts, onStall = () => undefined } = orders;
  const { client, seed } = plan.scenario;
  const peakPerSec = Math.max(0, ...plan.phases.map(peakRate));
  const count = laneCount(peakPerSec, availableParallelism());
  const sharing = sharingOf(count, client.count, client.retry.budget !== null || client.cookies, seed);
  const shared = shareSchedule(plan.arrivals, count);
  const idToken = await startTokenRefresh(client.idToken);
  const lanes = laneOrders(orders, { shared, sharing, peakPerSec, token: idToken?.first ?? null }).map(
    (order) => startLane(order, onAttempts, onStall),
  );
  const pacer = startPacer({ shared, sharing, originNs: clock.originNs, loadStartUs });
  const threads = makeThreadGroup([pacer.thread, ...lanes.map(({ thread }) => thread)]);
  await untilReady(lanes, threads);
  threads.limit(Math.max(0, loadStartUs - clock.nowUs() + longestUs(plan)) / 1000 + endLimitMs);
  idToken?.keepFresh((token) => tellAll(lanes, { do: 'authorize', token }));
  const finished = untilDone(lanes, pacer, threads).finally(() => idToken?.stop());
  // A failure is reported to whoever awaits it. Until then it must not end the process as an unhandled rejection.
  finished.catch(() => undefined);
  return {
    progress: () => progressOf(shared),
    finished,
    stop: (drainMs) => {
      threads.limit(drainMs + endLimitMs);
      Atomics.store(shared.cells, cell.stop, 1);
      Atomics.notify(shared.cells, cell.stop);
      tellAll(lanes, { do: 'stop', drainMs });
    },
  };
}

function tellAll(lanes: readonly LaneThread[], order: Parameters<LaneThread['thread']['tell']>[0]): void {
  for (const { thread } of lanes) thread.tell(order);
}

async function untilReady(lanes: readonly LaneThread[], threads: ThreadGroup): Promise<void> {
  threads.limit(startLimitMs);
  try {
    await threads.guard(Promise.all(lanes.map(({ ready }) => ready)));
  } catch (error) {
    await threads.end();
    throw error;
  }
}

async function untilDone(
  lanes: readonly LaneThread[],
  pacer: PacerThread,
  threads: ThreadGroup,
): Promise<LoadOutcome> {
  try {
    const [pacerCpuUs, ...reports] = await threads.guard(
      Promise.all([pacer.cpuUs, ...lanes.map(({ report }) => report)]),
    );
    return {
      lanes: reports.map((report) =>
        report.lane === 0 ? { ...report, cpu_us: report.cpu_us + pacerCpuUs } : report,
      ),
    };
  } finally {
    await threads.end();
  }
}
