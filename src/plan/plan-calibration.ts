import { noRetry } from '../scenario/clients/client.ts';
import type { Calibrate } from '../scenario/traffic/calibrate.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ArrivalProcess, Phase } from '../scenario/traffic/traffic.ts';
import { calibrationStepName } from './extra-load.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';

/** Which of a run's calibrations: before the phases, or again after them. */
export type CalibrationTime = 'before' | 'after';

/**
 * The load that measures the capacity: the scenario's mix in steps of ascending rates, without retries. All the steps
 * that are allowed are planned; the search stops when the service's throughput no longer grows.
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

/** A step has one steady rate: an mmpp's changes would be mistaken for the service's. */
function steady(process: ArrivalProcess): ArrivalProcess {
  return process.kind === 'mmpp' ? { kind: 'poisson' } : process;
}
