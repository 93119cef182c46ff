import { sleep, within } from '../base/deadline.ts';
import { EnvironmentError } from '../base/errors.ts';
import { attemptsIn } from '../evidence/dataset/attempt-block.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { LoadOutcome, RunningLoad } from '../load/load.ts';
import type { LoadPlan } from '../plan/load-plan.ts';
import { planCalibration, type CalibrationTime } from '../plan/plan-calibration.ts';
import { peakRate } from '../plan/planned-phases.ts';
import type { Calibrate } from '../scenario/traffic/calibrate.ts';
import { firstEnd } from './first-end.ts';
import { recordGenerator } from './record-generator.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';
import { endOfSearch, type CapacityStep } from './search-capacity.ts';
import { warmPathOf, type RunContext } from './run-context.ts';
import { makeStepMeter, type StepMeter } from './step-meter.ts';

/** A calibration's schedule, as it stands in `run.json` before it is sent. */
export type CalibrationRecord = NonNullable<RunRecord['calibrations']>[number];

/** Which calibration, and where its schedule is noted. */
export interface CalibrationOrders {
  readonly how: Calibrate;
  readonly time: CalibrationTime;
  readonly note: (record: CalibrationRecord) => Promise<void>;
}

/** The steps that were made, and why there was no further one; null: none of those that were allowed was the last. */
export interface CapacitySearch {
  readonly steps: readonly CapacityStep[];
  readonly reason: string | null;
}

/** As before any load: lanes connect and warm up. */
const leadMs = 2_500;
/** Attempts of a step are told this long after it at the latest: lanes flush four times a second. */
const tellMs = 600;
/** What is in flight when the search ends may end in this time; the search needs none of it. */
const longestDrainMs = 30_000;
const calmMs = 1_000;

/** Beyond every schedule and apart from each other, so that no two arrivals of the run have one number. */
const firstArrivals = { before: 1_000_000_000, after: 1_200_000_000 } as const;

/**
 * Asks for more, step by step, until the service gives no more, and waits for the calm after it. Throws
 * `EnvironmentError` where the run lost what it runs against, and what stopped it where it was stopped.
 */
export async function calibrate(
  orders: RunOrders,
  recorder: Recorder,
  context: RunContext,
  { how, time, note }: CalibrationOrders,
): Promise<CapacitySearch> {
  const { clock, signal, board } = orders;
  const { scenario } = orders.plan;
  const { startLoad } = await import('../load/start-load.ts');
  board.enter('calibrating');
  const plan = planCalibration(scenario, how, time);
  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const meter = makeStepMeter(plan, loadStartUs, scenario.client.deadlineMs);
  await note(recordOf(plan, time, loadStartUs));
  const load = await startLoad({
    plan,
    firstArrival: firstArrivals[time],
    url: context.service.url,
    ...warmPathOf(context.service),
    clock,
    loadStartUs,
    onAttempts: (block) => {
      meter.add(attemptsIn(block));
      recorder.attempts(block);
    },
  });
  const drainMs = Math.min(scenario.client.timeoutMs, longestDrainMs);
  try {
    const search = searchSteps(plan, loadStartUs, meter, orders);
    return await Promise.race([search, untilLost(load, context, signal).then(() => search)]);
  } finally {
    recordGenerator(recorder, clock.nowUs(), await stopped(load, signal.aborted ? 0 : drainMs));
    await context.drain(drainMs, signal);
    await sleep(calmMs, signal);
    signal.throwIfAborted();
  }
}

/** What the load came to; what is in flight may end first. Nothing is stopped where nothing is left to send. */
async function stopped(load: RunningLoad, drainMs: number): Promise<LoadOutcome | null> {
  const outcome = await within(load.finished, 0, null);
  if (outcome !== null) return outcome;
  load.stop(drainMs);
  return within(load.finished, 2 * longestDrainMs, null);
}

/** Resolves when all is sent and answered; throws when the run can't go on. */
async function untilLost(load: RunningLoad, context: RunContext, signal: AbortSignal): Promise<void> {
  const { how, reason } = await firstEnd(load, context, signal);
  if (how !== 'completed')
    throw new EnvironmentError([{ message: `the calibration ended: ${reason ?? how}` }]);
}

async function searchSteps(
  { phases }: LoadPlan,
  loadStartUs: number,
  meter: StepMeter,
  { clock, signal }: RunOrders,
): Promise<CapacitySearch> {
  const steps: CapacityStep[] = [];
  for (const [index, { endUs }] of phases.entries()) {
    await sleep((loadStartUs + endUs - clock.nowUs()) / 1000 + tellMs, signal);
    if (signal.aborted) break;
    steps.push(meter.measure(index));
    const reason = endOfSearch(steps);
    if (reason !== null) return { steps, reason };
  }
  return { steps, reason: null };
}

function recordOf(plan: LoadPlan, time: CalibrationTime, startUs: number): CalibrationRecord {
  return {
    when: time,
    start_us: startUs,
    hash: plan.scheduleHash,
    planned: plan.arrivals.count,
    steps: plan.phases.map((phase) => ({
      name: phase.name,
      rate_per_sec: peakRate(phase),
      start_us: startUs + phase.startUs,
      end_us: startUs + phase.endUs,
    })),
  };
}
