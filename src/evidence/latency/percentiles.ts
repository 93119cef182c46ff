/** With fewer values than this, p99 is only their maximum. */
const minForP99 = 100;

/** Percentiles of durations in milliseconds; `p99` is null where there are too few values for one. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number | null;
  readonly max: number;
}

/** Exact percentiles by nearest rank: the smallest value that at least that share of all values do not exceed. */
export function percentilesOf(valuesMs: ArrayLike<number>): Percentiles | null {
  return valuesMs.length === 0 ? null : percentilesOfSome(valuesMs);
}

/** The same for one value or more. */
export function percentilesOfSome(valuesMs: ArrayLike<number>): Percentiles {
  const sorted = new Float64Array(valuesMs).sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p99: sorted.length < minForP99 ? null : at(0.99), max: at(1) };
}
