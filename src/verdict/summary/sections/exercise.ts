import { formatMs, trim } from '../../../base/units.ts';
import type { Exercise } from '../../facts/exercise.ts';

/** How hard the run pressed, in one sentence. */
export function exerciseStatement(exercise: Exercise): string {
  const { loadRatio, saturatedRatio, level, refused, togetherUs, peakInstances } = exercise;
  const { stormFailedRatio: failed } = exercise;
  return [
    ...(loadRatio === null ? [] : [`offered load ${trim(loadRatio, 1)} times the baseline`]),
    saturatedRatio === null
      ? 'no stress phase in which sessions were counted'
      : `${level.sessions} sessions or more (90 % of ${level.of}) ${trim(100 * saturatedRatio, 0)} % of the stress time`,
    ...(refused > 0 ? [`${refused} connections refused by Postgres`] : []),
    ...(failed === null ? [] : [`${trim(100 * failed, 0)} % of the first attempts under stress failed`]),
    ...(togetherUs === null ? [] : [`two revisions held sessions for ${formatMs(togetherUs / 1000)}`]),
    ...(peakInstances === null ? [] : [`up to ${peakInstances} instances alive`]),
  ].join(', ');
}
