import type { Problem } from '../../base/errors.ts';
import type { YamlFile } from '../../base/yaml.ts';
import type { CalibrateInFile } from './calibrate-file.ts';
import { makeCalibrate } from './calibrate.ts';
import { ratesOf } from './make-traffic.ts';
import { multipleWords } from './phase-rate.ts';
import type { ScenarioFile } from '../scenario-file.ts';
import { mostArrivals } from './traffic-count.ts';

/** More than a machine can hold, or rates of a capacity that nobody measures. */
export function checkCalibrate(
  { traffic, calibrate }: Pick<ScenarioFile, 'traffic' | 'calibrate'>,
  source: YamlFile,
): readonly Problem[] {
  if (calibrate !== undefined) return countProblems(calibrate, source);
  return traffic.phases.flatMap((phase, index) => {
    const first = ratesOf(phase).find(({ ofCapacity }) => ofCapacity);
    if (first === undefined) return [];
    return [
      {
        message: `traffic.phases.${index}: "${multipleWords(first.value)}" needs a capacity that is measured first`,
        place: source.placeOf(['traffic', 'phases', index]),
        hint: 'say calibrate: { start: 20/s }',
      },
    ];
  });
}

/** All steps that are allowed are planned, a geometric sum: start x step x (factor^n - 1) / (factor - 1). */
function countProblems(given: CalibrateInFile, source: YamlFile): readonly Problem[] {
  const { startPerSec, stepMs, factor, maxSteps } = makeCalibrate(given);
  const arrivals = (startPerSec * (stepMs / 1000) * (factor ** maxSteps - 1)) / (factor - 1);
  if (arrivals <= mostArrivals) return [];
  const message = `calibrate: its steps come to ${Math.round(arrivals)} arrivals, more than ${mostArrivals}`;
  return [{ message, place: source.placeOfKey(['calibrate']), hint: 'lower max_steps or factor' }];
}
