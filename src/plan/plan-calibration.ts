import { noRetry } from '../scenario/clients/client.ts';
import type { Calibrate } from '../scenario/traffic/calibrate.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ArrivalProcess, Phase } from '../scenario/traffic/traffic.ts';
import { calibrationStepName } from './extra-load.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';

/** Which of a run's calibrations: before the phases, or again after them. */
export type CalibrationTime = 'before' | 'after';

/**
 * The load that measures the capacity: the scenario's mix in ascending steps of one rate each, one behind the other,
 * with retries off. All steps that are allowed are planned; the search ends when the service gives no more.
 */
export function planCalibration(
  scenario: Scenario,
  { startPerSec, factor, maxSteps, stepMs }: Calibrate,
  time: CalibrationTime,
): LoadPlan {
  const step = (index: number): Phase => ({
    name: calibrationStepName(time, index),
    durationMs: stepMs,
    stress: false,
    arrivals: steady(scenario.traffic.arrivals),
    shape: { kind: 'constant', ratePerSec: startPerSec * factor ** index },
  });
  const others = Array.from({ length: maxSteps - 1 }, (_, index) => step(index + 1));
  return planLoad({
    ...scenario,
    chaos: [],
    traffic: { ...scenario.traffic, phases: [step(0), ...others] },
    client: { ...scenario.client, retry: noRetry },
  });
}

/** A step is one rate: states of their own would be seen as the service's. */
function steady(process: ArrivalProcess): ArrivalProcess {
  return process.kind === 'mmpp' ? { kind: 'poisson' } : process;
}
