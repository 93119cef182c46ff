import type { Attempt } from '../evidence/attempt.ts';
import { quantile } from './statistics/quantile.ts';

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

/** Fewer requests than this say too little of a share: such a window is merged with the next. */
const minCohort = 50;

/**
 * Cohorts of equal width from `fromUs` on, as many as fit whole before `toUs`.
 * A dropped arrival belongs to none: that it was not sent is the generator's doing, and told of elsewhere.
 */
export function cohortsOf(
  attempts: readonly Attempt[],
  fromUs: number,
  toUs: number,
  deadlineMs: number,
  widthUs = cohortUs,
): readonly Cohort[] {
  const count = Math.max(0, Math.floor((toUs - fromUs) / widthUs));
  const windows = Array.from({ length: count }, (): Request[] => []);
  const retries: Attempt[] = [];
  for (const attempt of attempts) {
    if (attempt.attempt > 1) retries.push(attempt);
    else if (attempt.outcome !== 'dropped')
      windows[Math.floor((attempt.intendedUs - fromUs) / widthUs)]?.push(requestOf(attempt));
  }
  if (retries.length > 0) addRetries(windows.flat(), retries);
  return windows.map((requests, index) => cohort(requests, fromUs + index * widthUs, widthUs, deadlineMs));
}

/** A retry is intended later than the arrival it belongs to, and counts where that one does. */
function addRetries(requests: readonly Request[], retries: readonly Attempt[]): void {
  const byArrival = new Map(requests.map((request) => [request.arrival, request]));
  for (const retry of retries) {
    const request = byArrival.get(retry.arrival);
    if (request === undefined) continue;
    request.attempts += 1;
    request.okUs = Math.min(request.okUs, okUs(retry));
  }
}

interface Request {
  readonly arrival: number;
  attempts: number;
  readonly intendedUs: number;
  /** When the first good answer came; infinite when none did. */
  okUs: number;
}

function requestOf(first: Attempt): Request {
  return { arrival: first.arrival, attempts: 1, intendedUs: first.intendedUs, okUs: okUs(first) };
}

function okUs({ outcome, endedUs }: Attempt): number {
  return outcome === 'ok' && endedUs !== null ? endedUs : Infinity;
}

function cohort(requests: readonly Request[], fromUs: number, widthUs: number, deadlineMs: number): Cohort {
  const responsesMs = requests
    .map(({ okUs, intendedUs }) => (okUs - intendedUs) / 1000)
    .filter((ms) => ms <= deadlineMs);
  return {
    fromUs,
    toUs: fromUs + widthUs,
    n: requests.length,
    good: responsesMs.length,
    attempts: requests.reduce((sum, request) => sum + request.attempts, 0),
    p99Ms: quantile(responsesMs, 0.99),
  };
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
