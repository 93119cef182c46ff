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

/** The plan that the phases follow, on a capacity that was measured where the scenario asks for it. */
export interface Measured {
  readonly plan: RunPlan;
  /** Measures once more, after the phases; does nothing where the scenario does not ask for it. */
  readonly again: () => Promise<void>;
}

/** Steps of the second search below the best one of the first: it has no need to begin from the start. */
const stepsBack = 2;

/**
 * Calibrates where the scenario says so, and plans the phases on what was found. Throws `EnvironmentError` where there
 * is no capacity to be found: phases that follow it would mean nothing.
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

/** The server's own limits stay what they were found to be. */
function withLimits(measured: RunPlan, { limits, budget, checks }: RunPlan): RunPlan {
  return { ...measured, limits, budget, checks };
}

/** The best step of a search that came to its end. */
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
