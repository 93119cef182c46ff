import { EnvironmentError } from '../base/errors.ts';
import { trim } from '../base/units.ts';
import type { CapacityEvent } from '../evidence/event.ts';
import { lastStepAllowed } from '../evidence/events/generator-event.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CalibrationTime } from '../plan/plan-calibration.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { calibrate, type CalibrationRecord, type CapacitySearch } from './calibrate.ts';
import { plannedRecord } from './first-record.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';
import { bestStep } from './search-capacity.ts';
import type { RunContext } from './run-context.ts';

/** The plan that the phases follow: made anew on the measured capacity where the scenario calibrates. */
export interface Measured {
  readonly plan: RunPlan;
  /** Measures once more after the phases, if the scenario asks for it. */
  readonly again: () => Promise<void>;
}

/** The second search starts this many steps below the best step of the first. */
const stepsBack = 2;

/**
 * Calibrates if the scenario says so, and plans the phases on what was found. Throws `EnvironmentError` when no capacity
 * was found: the phases would be multiples of nothing.
 */
export async function measureCapacity(
  orders: RunOrders,
  recorder: Recorder,
  context: RunContext,
): Promise<Measured> {
  const { plan, clock } = orders;
  const how = plan.scenario.calibrate;
  if (how === undefined) return { plan, again: () => Promise.resolve() };
  const noted: CalibrationRecord[] = [];
  const note = async (record: CalibrationRecord): Promise<void> => {
    noted.push(record);
    await context.keep({ calibrations: [...noted] });
  };
  const first = await calibrate(orders, recorder, context, { how, time: 'before', note });
  const best = capacityIn(first);
  recorder.event(eventOf(first, 'before', clock.nowUs()));
  const measured = withLimits(makePlan(plan.scenario, best.goodput_per_sec), plan);
  await context.keep(plannedRecord(measured));
  const again = async (): Promise<void> => {
    const startPerSec = Math.max(how.startPerSec, best.rate_per_sec / how.factor ** stepsBack);
    const later = await calibrate(orders, recorder, context, {
      how: { ...how, startPerSec },
      time: 'after',
      note,
    });
    recorder.event(eventOf(later, 'after', clock.nowUs()));
  };
  return { plan: measured, again: how.again ? again : () => Promise.resolve() };
}

/** The server's limits stay as they were found. */
function withLimits(measured: RunPlan, { limits, budget, checks }: RunPlan): RunPlan {
  return { ...measured, limits, budget, checks };
}

/** The best step of a search that found its end. */
function capacityIn({ steps, reason }: CapacitySearch): CapacityEvent['steps'][number] {
  const best = bestStep(steps);
  if (best === null || best.goodput_per_sec === 0)
    throw new EnvironmentError([
      {
        message: 'calibrate: the service served nothing in time, so there is no capacity',
        hint: 'try one of the requests by hand',
      },
    ]);
  if (reason === null)
    throw new EnvironmentError([
      {
        message: `calibrate: the service still gave more at the last of ${steps.length} steps, ${trim(best.goodput_per_sec, 1)}/s`,
        hint: 'raise calibrate.start or calibrate.max_steps',
      },
    ]);
  return best;
}

function eventOf({ steps, reason }: CapacitySearch, when: CalibrationTime, nowUs: number): CapacityEvent {
  const best = bestStep(steps);
  return {
    t_us: nowUs,
    kind: 'capacity',
    when,
    goodput_per_sec: best?.goodput_per_sec ?? 0,
    low_per_sec: best?.low_per_sec ?? 0,
    high_per_sec: best?.high_per_sec ?? 0,
    steps: [...steps],
    reason: reason ?? lastStepAllowed,
  };
}
