import { trim } from '../../base/units.ts';
import type { Summary } from './summary.ts';

/** Whose rules it was judged by, where the run's own did not count. */
export function rulesWords({ contract, rules }: Summary['judged_by']): string[] {
  const files = [
    ...(contract === null ? [] : [`the contract of ${contract}`]),
    ...(rules === null ? [] : [`the rules of ${rules}`]),
  ];
  if (files.length === 0) return [];
  return [
    `judged by ${files.join(' and ')}, not by what the run was made with; its predictions and its plan are those of its own contract`,
  ];
}

/** Predictions that the measurement does not bear out: something is at work that the model does not know. */
export function mismatchWords(predictions: Summary['predictions']): string[] {
  return predictions
    .filter(({ match }) => match === 'mismatch')
    .map(({ id, phase, predicted, measured, ratio }) => {
      const times = ratio === null ? '' : `, ${trim(ratio, 2)} times it`;
      return `MODEL_MISMATCH ${id} in ${phase}: predicted ${trim(predicted, 2)}, measured ${trim(measured ?? 0, 2)}${times}; look for another queue, a hold that is not constant, or a lock`;
    });
}
