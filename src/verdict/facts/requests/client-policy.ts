import type { Attempt } from '../../../evidence/attempt.ts';
import type { RunRecord } from '../../../evidence/run-record.ts';

/** One wait between two attempts of a request, and between which moments the policy allows it. */
export interface Backoff {
  readonly arrival: number;
  readonly attempt: number;
  readonly tUs: number;
  readonly waitedMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** Where in its range it lies, 0..1; null where it was not drawn, or where the deadline cut the range. */
  readonly place: number | null;
}

type Policy = RunRecord['client']['policy'];

/** Times are kept in whole microseconds, and each backoff was rounded once. */
export const roundingMs = 0.01;

/** Every backoff of one request's attempts, in order. */
export function backoffsOf(
  attempts: readonly Attempt[],
  policy: Policy,
  deadlineMs: number,
): readonly Backoff[] {
  const deadlineUs = (attempts[0]?.intendedUs ?? 0) + 1000 * deadlineMs;
  const loops = Array.from({ length: policy.layers }, (): Loop => ({ tries: 1, lastMs: null }));
  const found: Backoff[] = [];
  for (const [index, next] of attempts.slice(1).entries()) {
    const before = attempts[index];
    const at = loops.findIndex(({ tries }) => tries < policy.maxAttempts);
    const loop = loops[at];
    // One that is missing from the record, or never ended, leaves nothing to measure from.
    if (before === undefined || loop === undefined || !follows(next, before)) break;
    const one = backoffBetween(before, next, rangeOf(policy, before, loop), deadlineUs);
    found.push(one);
    if (isLawHidden(policy, before)) break;
    loops.fill({ tries: 1, lastMs: null }, 0, at);
    loops[at] = { tries: loop.tries + 1, lastMs: one.waitedMs };
  }
  return found;
}

/** Where a retry loop stands: the attempts of its round, and its last backoff. */
interface Loop {
  readonly tries: number;
  readonly lastMs: number | null;
}

/** Where the law continues from its last draw, but Retry-After took its place, that draw is not known. */
function isLawHidden({ backoff, retryAfter }: Policy, { retryAfterMs }: Attempt): boolean {
  return backoff.jitter === 'decorrelated' && retryAfter !== 'ignore' && retryAfterMs !== null;
}

function follows(next: Attempt, before: Attempt): boolean {
  return before.endedUs !== null && next.attempt === before.attempt + 1;
}

function backoffBetween(before: Attempt, next: Attempt, range: Range, deadlineUs: number): Backoff {
  const { lowMs, highMs, isDrawn } = range;
  const endedUs = before.endedUs ?? before.sentUs;
  const waitedMs = (next.intendedUs - endedUs) / 1000;
  const isWhole = endedUs + 1000 * highMs < deadlineUs;
  const place = isDrawn && isWhole && highMs - lowMs > 1 ? (waitedMs - lowMs) / (highMs - lowMs) : null;
  return {
    arrival: next.arrival,
    attempt: next.attempt,
    tUs: next.intendedUs,
    waitedMs,
    lowMs,
    highMs,
    place,
  };
}

interface Range {
  readonly lowMs: number;
  readonly highMs: number;
  /** Whether the wait is drawn evenly from the range. */
  readonly isDrawn: boolean;
}

/** The law of `Jitter` in the scenario: b = min(cap, base * multiplier^(retry - 1)) before a retry. */
function rangeOf(policy: Policy, before: Attempt, at: Loop): Range {
  const law = lawOf(policy, before, at);
  const after = before.retryAfterMs;
  if (after === null || policy.retryAfter === 'ignore') return law;
  if (policy.retryAfter === 'exact') return { lowMs: after, highMs: after, isDrawn: false };
  return { lowMs: Math.max(law.lowMs, after), highMs: Math.max(law.highMs, after), isDrawn: false };
}

function lawOf({ backoff, throttledInitialMs }: Policy, { status }: Attempt, { tries, lastMs }: Loop): Range {
  const isThrottled = status === 429 || status === 503;
  const initialMs = isThrottled && throttledInitialMs !== null ? throttledInitialMs : backoff.initialMs;
  const { maxMs, multiplier, jitter } = backoff;
  if (jitter === 'decorrelated') {
    const upTo = Math.max(initialMs, multiplier * (lastMs ?? initialMs));
    // Where the cap cuts the range, many waits lie on it: then they are not drawn evenly.
    return { lowMs: Math.min(maxMs, initialMs), highMs: Math.min(maxMs, upTo), isDrawn: upTo <= maxMs };
  }
  const bound = Math.min(maxMs, initialMs * multiplier ** (tries - 1));
  if (jitter === 'none') return { lowMs: bound, highMs: bound, isDrawn: false };
  return { lowMs: jitter === 'full' ? 0 : bound / 2, highMs: bound, isDrawn: true };
}
