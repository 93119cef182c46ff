import { availableParallelism } from 'node:os';
import type { ServiceContract } from '../contract/contract.ts';
import { peakRate } from '../plan/planned-phases.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { makeCrew, type Crew } from './crew.ts';
import { startLane, startPacer, type LaneThread, type PacerThread } from './lane-thread.ts';
import { connectionsAhead, laneCount } from './lanes.ts';
import type { LoadOrders, LoadOutcome, RunningLoad } from './load.ts';
import { cell, shareSchedule, type Shared } from './shared.ts';
import { makeTally } from './tally.ts';
import type { LaneOrders } from './thread-message.ts';

/** How long the threads may take to start, and to come to their end once no work can be left. */
const startLimitMs = 15_000;
const endLimitMs = 5_000;

/**
 * Starts the lanes and the pacer and resolves when they are ready; the first phase starts at `loadStartUs`.
 * Throws `EnvironmentError` when a thread can't start.
 */
export async function startLoad(orders: LoadOrders): Promise<RunningLoad> {
  const rate = Math.max(0, ...orders.plan.phases.map(peakRate));
  const count = laneCount(rate, availableParallelism());
  const shared = shareSchedule(orders.plan.arrivals, count);
  const tally = makeTally(shared);
  const onAttempts: LoadOrders['onAttempts'] = (batch) => {
    tally.add(batch);
    orders.onAttempts(batch);
  };
  const lanes = laneOrders(orders, shared, count, rate).map((order) => startLane(order, onAttempts));
  const pacer = startPacer({
    shared,
    lanes: count,
    originNs: orders.clock.originNs,
    loadStartUs: orders.loadStartUs,
  });
  const crew = makeCrew([pacer.thread, ...lanes.map(({ thread }) => thread)]);
  await untilReady(lanes, crew);
  crew.limit(longestMs(orders) + endLimitMs);
  const finished = untilDone(lanes, pacer, crew);
  // Whoever awaits it sees a failure; until someone does, it must not end the process.
  finished.catch(() => undefined);
  return {
    progress: tally.progress,
    finished,
    stop: (drainMs) => {
      crew.limit(drainMs + endLimitMs);
      Atomics.store(shared.cells, cell.stop, 1);
      Atomics.notify(shared.cells, cell.stop);
      for (const { thread } of lanes) thread.tell({ do: 'stop', drainMs });
    },
  };
}

function laneOrders(
  { plan, url, warmPath, clock, loadStartUs }: LoadOrders,
  shared: Shared,
  lanes: number,
  ratePerSec: number,
): LaneOrders[] {
  const { scenario, phases } = plan;
  const { maxInFlight } = scenario.traffic;
  const common = {
    shared,
    lanes,
    originNs: clock.originNs,
    loadStartUs,
    url,
    warmPath: warmPath ?? null,
    connectionsAhead: connectionsAhead(ratePerSec, lanes, maxInFlight),
    maxInFlight,
    timeoutMs: scenario.client.timeoutMs,
    acquireTimeoutMs: targetService(scenario).acquireTimeoutMs,
    seed: scenario.seed,
    requests: scenario.requests,
    phases: phases.map(({ name }) => name),
  };
  return Array.from({ length: lanes }, (_, lane) => ({ ...common, lane }));
}

async function untilReady(lanes: readonly LaneThread[], crew: Crew): Promise<void> {
  crew.limit(startLimitMs);
  try {
    await crew.guard(Promise.all(lanes.map(({ ready }) => ready)));
  } catch (error) {
    await crew.end();
    throw error;
  }
}

async function untilDone(lanes: readonly LaneThread[], pacer: PacerThread, crew: Crew): Promise<LoadOutcome> {
  try {
    const [pacerCpuUs, ...reports] = await crew.guard(
      Promise.all([pacer.cpuUs, ...lanes.map(({ report }) => report)]),
    );
    return {
      lanes: reports.map((report) =>
        report.lane === 0 ? { ...report, cpu_us: report.cpu_us + pacerCpuUs } : report,
      ),
    };
  } finally {
    await crew.end();
  }
}

/** From now until the last attempt must have ended. */
function longestMs({ plan, clock, loadStartUs }: LoadOrders): number {
  const lastUs = loadStartUs + (plan.arrivals.intendedUs.at(-1) ?? 0);
  return Math.max(0, lastUs - clock.nowUs()) / 1000 + plan.scenario.client.timeoutMs;
}

function targetService({ contract, target }: Scenario): ServiceContract {
  const [first] = contract.services;
  return contract.services.find(({ name }) => name === target.service) ?? first;
}
