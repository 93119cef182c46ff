import { trim } from '../../base/units.ts';
import type { Summary } from './summary.ts';

/** By whose rules it was judged, where those of the run did not count. */
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

/** Predictions that what was measured does not bear out: something else is at work than the model knows. */
export function mismatchWords(predictions: Summary['predictions']): string[] {
  return predictions
    .filter(({ match }) => match === 'mismatch')
    .map(({ id, phase, predicted, measured, ratio }) => {
      const times = ratio === null ? '' : `, ${trim(ratio, 2)} times it`;
      return `MODEL_MISMATCH ${id} in ${phase}: predicted ${trim(predicted, 2)}, measured ${trim(measured ?? 0, 2)}${times}; look for another queue, a hold that is not constant, or a lock`;
    });
}
