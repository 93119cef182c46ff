import type { LogicalRequest } from '../../../evidence/logical-requests.ts';
import { quantile } from '../../statistics/quantile.ts';

/** Arrivals whose intended start falls into one window: what became of them, whenever it did. */
export interface Cohort {
  readonly fromUs: number;
  readonly toUs: number;
  /** Logical requests sent. */
  readonly n: number;
  /** Those whose first good answer came within the deadline. */
  readonly good: number;
  readonly attempts: number;
  /** p99 response time of the good ones, from the intended start of their first attempt. */
  readonly p99Ms: number | null;
}

/** The width of a recovery window. */
export const cohortUs = 5_000_000;

/** Fewer requests than this say too little about a share: such a window is merged with the next. */
const minCohort = 50;

/** Cohorts of equal width from `fromUs` on, as many as fit whole before `toUs`. */
export function cohortsOf(
  requests: readonly LogicalRequest[],
  fromUs: number,
  toUs: number,
  deadlineMs: number,
  widthUs = cohortUs,
): readonly Cohort[] {
  const count = Math.max(0, Math.floor((toUs - fromUs) / widthUs));
  const windows = Array.from({ length: count }, (): LogicalRequest[] => []);
  for (const request of requests)
    if (request.intendedUs >= fromUs)
      windows[Math.floor((request.intendedUs - fromUs) / widthUs)]?.push(request);
  return windows.map((own, index) => cohort(own, fromUs + index * widthUs, widthUs, deadlineMs));
}

function cohort(
  requests: readonly LogicalRequest[],
  fromUs: number,
  widthUs: number,
  deadlineMs: number,
): Cohort {
  const responsesMs = requests.map(waitedMs).filter((ms) => ms <= deadlineMs);
  return {
    fromUs,
    toUs: fromUs + widthUs,
    n: requests.length,
    good: responsesMs.length,
    attempts: requests.reduce((sum, request) => sum + request.attempts, 0),
    p99Ms: quantile(responsesMs, 0.99),
  };
}

/** How long the caller waited for the first good answer, over all attempts; infinite when none came. */
export function waitedMs({ okUs, intendedUs }: LogicalRequest): number {
  return (okUs - intendedUs) / 1000;
}

/** Merges cohorts of fewer than `minCohort` requests with the next, the last one with the one before. */
export function mergeThin(cohorts: readonly Cohort[]): readonly Cohort[] {
  const merged: Cohort[] = [];
  for (const next of cohorts) {
    const last = merged.at(-1);
    if (last !== undefined && last.n < minCohort) merged[merged.length - 1] = join(last, next);
    else merged.push(next);
  }
  const [beforeLast, last] = merged.slice(-2);
  if (beforeLast !== undefined && last !== undefined && last.n < minCohort)
    merged.splice(-2, 2, join(beforeLast, last));
  return merged;
}

function join(a: Cohort, b: Cohort): Cohort {
  const p99s = [a.p99Ms, b.p99Ms].filter((ms) => ms !== null);
  return {
    fromUs: a.fromUs,
    toUs: b.toUs,
    n: a.n + b.n,
    good: a.good + b.good,
    attempts: a.attempts + b.attempts,
    // An upper limit of the p99 of both together: no more than 1 % of either lies above it.
    p99Ms: p99s.length === 0 ? null : Math.max(...p99s),
  };
}
