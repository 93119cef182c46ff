import { formatMs } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import { attemptWords } from './shared/witness.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { result } from './shared/result.ts';

/*
 * No request outlives its timeout, whatever becomes of it:
 *
 *     end - start <= T_req + eps + q       q: its time in the platform's queue, at most T_pend
 *
 * The service's own clock starts when an instance has the request, so the time that the platform kept it waiting is
 * added, or all of T_pend where that is not known. A request still open at the end of the run breaks the bound if it is
 * older than that; if it is younger, how it would have ended is not known.
 */

interface Exchange {
  readonly arrival: number;
  /** 1 for the first attempt of the arrival. */
  readonly attempt: number;
  readonly sentUs: number;
  /** Null while it is open. */
  readonly endedUs: number | null;
  /** Null where nothing tells. */
  readonly queuedMs: number | null;
}

export interface RequestTimeoutInput {
  readonly exchanges: Iterable<Exchange>;
  /** When observation ended: open requests are as old as this allows. */
  readonly endUs: number;
  /** T_req + eps. */
  readonly limitMs: number;
  readonly pendingMs: number;
}

export function judgeRequestTimeout(input: RequestTimeoutInput): BoundResult {
  const { exchanges, endUs, limitMs, pendingMs } = input;
  const lastedMs = ({ sentUs, endedUs }: Exchange): number => ((endedUs ?? endUs) - sentUs) / 1000;
  const queueMs = ({ queuedMs }: Exchange): number => Math.min(queuedMs ?? pendingMs, pendingMs);
  let worst: Exchange | null = null;
  let first: Exchange | null = null;
  let open = 0;
  let n = 0;
  const overMs = (exchange: Exchange): number => lastedMs(exchange) - queueMs(exchange) - limitMs;
  for (const exchange of exchanges) {
    n += 1;
    if (exchange.endedUs === null) open += 1;
    if (worst === null || overMs(exchange) > overMs(worst)) worst = exchange;
    if (first === null && overMs(exchange) > 0) first = exchange;
  }
  if (worst === null) return result({ status: 'INCONCLUSIVE', unit: 'ms', reason: 'no request was sent' });
  const known = { unit: 'ms', value: lastedMs(worst), limit: limitMs + queueMs(worst), n } as const;
  if (first !== null) {
    const what = `${attemptWords(first)}: ${first.endedUs === null ? 'still open after' : 'ended only after'} ${formatMs(lastedMs(first))}, limit ${formatMs(limitMs + queueMs(first))}`;
    const toUs = first.endedUs ?? endUs;
    return result({ ...known, status: 'FAIL', reason: what, witness: { fromUs: first.sentUs, toUs, what } });
  }
  if (open > 0) {
    const reason = `${open} attempts were still open when the run ended, none older than the limit`;
    return result({ ...known, status: 'INCONCLUSIVE', reason });
  }
  const reason = `all ${n} attempts ended, the longest after ${formatMs(known.value)}`;
  return result({ ...known, status: 'PASS', reason });
}

export const requestTimeout = {
  id: 'B12',
  name: 'request-timeout',
  title: 'no request outlives its timeout',
  meaning: 'Every request ends within the request timeout.',
  severity: 'hard',
  answer: 'fast_failing',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V09', 'V16'],
  judge: ({ evidence, endUs }, { thresholds }) =>
    judgeRequestTimeout({
      exchanges: exchangesIn(evidence.attempts),
      endUs,
      limitMs: thresholds.failDeadlineMs,
      pendingMs: thresholds.pendingMs,
    }),
} as const satisfies Bound;

/** In one pass: a long run has hundreds of thousands. */
function* exchangesIn(attempts: readonly Attempt[]): Iterable<Exchange> {
  for (const { arrival, attempt, sentUs, endedUs, receivedUs, outcome } of attempts) {
    if (outcome === 'dropped') continue;
    const queuedMs = receivedUs === null ? null : (receivedUs - sentUs) / 1000;
    yield { arrival, attempt, sentUs, endedUs: outcome === 'unfinished' ? null : endedUs, queuedMs };
  }
}
