import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import type { Calibrate } from './calibrate.ts';
import { ratesOf, type PhaseInFile } from './phase-codec.ts';
import { writeRate } from './phase-rate.ts';
import { mostArrivals } from './traffic-count.ts';

/** Refuses more steps than a machine can hold, and rates of a capacity that nobody measures. */
export function checkCalibrate(
  calibrate: Calibrate | undefined,
  phases: readonly PhaseInFile[],
  source: YamlFile,
): readonly Problem[] {
  if (calibrate !== undefined) return countProblems(calibrate, source);
  return phases.flatMap((phase, index) => {
    const first = ratesOf(phase).find(({ ofCapacity }) => ofCapacity);
    if (first === undefined) return [];
    return [
      {
        message: `traffic.phases.${index}: "${writeRate(first)}" needs a capacity that is measured first`,
        place: source.placeOf(['traffic', 'phases', index]),
        hint: 'add calibrate: { start: 20/s }',
      },
    ];
  });
}

/** All allowed steps are planned, a geometric sum: start x step x (factor^n - 1) / (factor - 1). */
function countProblems(
  { startPerSec, stepMs, factor, maxSteps }: Calibrate,
  source: YamlFile,
): readonly Problem[] {
  const arrivals = (startPerSec * (stepMs / 1000) * (factor ** maxSteps - 1)) / (factor - 1);
  if (arrivals <= mostArrivals) return [];
  const message = `calibrate: its steps come to ${Math.round(arrivals)} arrivals, more than ${mostArrivals}`;
  return [{ message, place: source.placeOfKey(['calibrate']), hint: 'lower max_steps or factor' }];
}
