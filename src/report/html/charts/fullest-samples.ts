import type { Sample } from '../../../evidence/sessions/samples.ts';
import type { Grid } from './timeline.ts';

/**
 * The fullest sample of every bucket, null where none worked. One real sample is shown, since the highest counts
 * of each state apart may never have met and would add up to more sessions than there were.
 */
export function fullestSamples(samples: readonly Sample[], grid: Grid): readonly (Sample | null)[] {
  const fullest = Array.from<Sample | null>({ length: grid.count }).fill(null);
  for (const sample of samples) {
    const index = Math.floor((sample.tUs - grid.fromUs) / grid.stepUs);
    if (!sample.ok || index < 0 || index >= grid.count) continue;
    const known = fullest[index];
    if (known === null || known === undefined || sizeOf(sample) > sizeOf(known)) fullest[index] = sample;
  }
  return fullest;
}

function sizeOf(sample: Sample): number {
  return sample.rows.reduce((sum, row) => sum + row.count, 0);
}
