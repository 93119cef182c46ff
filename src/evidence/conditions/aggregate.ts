import { metrics, type Aggregate } from '../../scenario/conditions/metrics.ts';
import type { Condition } from '../../scenario/conditions/condition.ts';
import type { Observation } from './observe.ts';

const secondUs = 1_000_000;

/**
 * The value of a condition over the observations of a span of `lengthUs`; null where there are none to derive it from.
 * That nothing happened is a value for what is counted, 0, and none for what is measured.
 */
export function aggregate(
  { aggregate: how, metric }: Pick<Condition, 'aggregate' | 'metric'>,
  observations: readonly Observation[],
  lengthUs: number,
): number | null {
  const hits = observations.filter(({ isHit }) => isHit);
  switch (how) {
    case 'count':
      return hits.length;
    case 'rate':
      return lengthUs <= 0 ? null : (hits.length * secondUs) / lengthUs;
    case 'ratio':
      return observations.length === 0 ? null : (100 * hits.length) / observations.length;
    case 'max':
      return metrics[metric].kind === 'events' ? mostInASecond(hits) : numberOf(how, hits);
    default:
      return numberOf(how, hits);
  }
}

function numberOf(
  how: Exclude<Aggregate, 'count' | 'rate' | 'ratio'>,
  hits: readonly Observation[],
): number | null {
  if (hits.length === 0) return null;
  if (how === 'avg') return hits.reduce((sum, { value }) => sum + value, 0) / hits.length;
  const sorted = Float64Array.from(hits, ({ value }) => value).sort();
  if (how === 'min') return sorted[0] ?? null;
  if (how === 'max') return sorted.at(-1) ?? null;
  // The smallest value that at least this share do not exceed: one that really occurred.
  // Counted in whole tenths of a percent: 0.999 x 1000 is a little more than 999.
  const tenths = Math.round(10 * Number(how.slice(1)));
  const rank = Math.max(1, Math.ceil((tenths * sorted.length) / 1000));
  return sorted[rank - 1] ?? null;
}

function mostInASecond(hits: readonly Observation[]): number {
  const times = Float64Array.from(hits, ({ tUs }) => tUs).sort();
  let most = 0;
  let first = 0;
  times.forEach((tUs, index) => {
    while ((times[first] ?? tUs) <= tUs - secondUs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
