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
import { recordGenerator, stallsInto } from './record-generator.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';
import { endOfSearch, type CapacityStep } from './search-capacity.ts';
import { warmPathOf, type RunContext } from './run-context.ts';
import { makeStepMeter, type StepMeter } from './step-meter.ts';

/** A calibration's schedule, as `run.json` has it before anything is sent. */
export type CalibrationRecord = NonNullable<RunRecord['calibrations']>[number];

/** Which calibration, and where its schedule is recorded. */
export interface CalibrationOrders {
  readonly how: Calibrate;
  readonly time: CalibrationTime;
  readonly note: (record: CalibrationRecord) => Promise<void>;
}

/** The steps taken, and why the search ended; null where it ran out of steps before it found the end. */
export interface CapacitySearch {
  readonly steps: readonly CapacityStep[];
  readonly reason: string | null;
}

/** Lanes connect and warm up in this time, as before any load. */
const leadMs = 2_500;
/** By then the attempts of a step have been reported: lanes flush four times a second. */
const tellMs = 600;
/** How long requests in flight get when the search has ended; the search itself needs none of them. */
const longestDrainMs = 30_000;
const calmMs = 1_000;

/** Beyond every schedule and far apart, so that no two arrivals of the run share a number. */
const firstArrivals = { before: 1_000_000_000, after: 1_200_000_000 } as const;

/**
 * Raises the rate step by step until the service gives no more, then waits for calm. Throws `EnvironmentError` when
 * the service or Postgres is lost, and the signal's reason when the run was stopped.
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
    onStall: stallsInto(recorder, 'lane'),
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

/** How the load ended, once what was in flight had its time. A load that has sent everything is not stopped. */
async function stopped(load: RunningLoad, drainMs: number): Promise<LoadOutcome | null> {
  const outcome = await within(load.finished, 0, null);
  if (outcome !== null) return outcome;
  load.stop(drainMs);
  return within(load.finished, 2 * longestDrainMs, null);
}

/** Resolves when everything is sent and answered; throws when the run can't go on. */
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
