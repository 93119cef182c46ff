import type { Attempt, Outcome } from './attempt.ts';

/** The outcome of one arrival over all its attempts, as its caller saw it. */
export interface LogicalRequest {
  readonly arrival: number;
  readonly phase: string;
  /** When its first attempt was meant to be sent: the caller's wait counts from here. */
  readonly intendedUs: number;
  /** How its first attempt ended, regardless of the retries. */
  readonly firstOutcome: Outcome;
  /** Attempts that were sent. */
  readonly attempts: number;
  /** When the first good answer came; infinite when none did. */
  readonly okUs: number;
  /** When its last attempt ended; null when one never did. */
  readonly endedUs: number | null;
}

/**
 * Every arrival that was sent, in the order of its first attempts. One whose first attempt was dropped does not
 * count: the generator failed to send it. A retry whose first attempt is not on record is left out.
 */
export function logicalRequests(attempts: readonly Attempt[]): readonly LogicalRequest[] {
  const requests: Draft[] = [];
  const retries: Attempt[] = [];
  for (const attempt of attempts) {
    if (attempt.outcome === 'dropped') continue;
    if (attempt.attempt === 1) requests.push(draftOf(attempt));
    else retries.push(attempt);
  }
  if (retries.length === 0) return requests;
  const byArrival = new Map(requests.map((request) => [request.arrival, request]));
  for (const retry of retries) addTo(byArrival.get(retry.arrival), retry);
  return requests;
}

type Draft = { -readonly [Key in keyof LogicalRequest]: LogicalRequest[Key] };

function draftOf({ arrival, phase, intendedUs, outcome, endedUs }: Attempt): Draft {
  const okUs = okUsOf(outcome, endedUs);
  return { arrival, phase, intendedUs, firstOutcome: outcome, attempts: 1, okUs, endedUs };
}

function addTo(request: Draft | undefined, { outcome, endedUs }: Attempt): void {
  if (request === undefined) return;
  request.attempts += 1;
  request.okUs = Math.min(request.okUs, okUsOf(outcome, endedUs));
  request.endedUs = request.endedUs === null || endedUs === null ? null : Math.max(request.endedUs, endedUs);
}

function okUsOf(outcome: Outcome, endedUs: number | null): number {
  return outcome === 'ok' && endedUs !== null ? endedUs : Infinity;
}
