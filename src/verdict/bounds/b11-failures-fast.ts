import { formatMs } from '../../base/units.ts';
import type { Thresholds } from '../../contract/thresholds.ts';
import { attemptWords, confidenceWords } from './shared/witness.ts';
import { always, type Bound, type BoundResult, type Witness } from './shared/bound.ts';
import { failuresIn, type Failure, type FailureClass } from '../facts/requests/failure.ts';
import { touches } from '../facts/platform/fault-spans.ts';
import { timesAwayIn, type Outage } from '../facts/platform/outages.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { confidenceOfMax, quantile } from '../statistics/quantile.ts';
import { result } from './shared/result.ts';

/*
 * A failure is an answer, and it comes at once. Over all failed attempts, L = end - start:
 *
 *  1. maximum   L <= limit(class) + eps:  T_acq for what a full pool makes (shed, pool_timeout, db_error, unknown,
 *               conn_error), T_acq + T_stmt for stmt_timeout, T_req for deadline, T_pend for the platform's own.
 *  2. p99       of the failures the service issued, at most 1 % have L > T_acq + eps. With k slow ones of n:
 *               FAIL if P(Bin(n, 0.01) >= k) < 0.05, PASS if k = 0 or P(Bin(n, 0.01) <= k) <= 0.05, else unknown.
 *
 * Rule 2 exists because a service whose every failure is an honest 504 after 30 s satisfies rule 1.
 *
 * Waiting in the platform's queue is not the service's doing: L starts when an instance got the request. Where
 * nothing tells when that was, the limit grows by T_pend instead, and the reason says so.
 *
 * While the database is taken away on purpose, only its own errors must still be fast (db_error): how long anything else
 * takes then is the outage's doing, from the fault until the server was back and T_acq longer.
 *
 * A client that gave up after T_c saw no failure within T_c. Where T_c is above the limit, that is a slow failure;
 * below it the latency is censored, and more than 1 % of those make the bound INCONCLUSIVE. Clients that retry after a
 * short timeout are there to set off a storm, not to measure: such a run is judged by what it leaves in the database, by
 * its amplification and by its recovery (B13, B21, B22), and by this bound only where it is broken.
 */

type FailureLimits = Pick<
  Thresholds,
  'acquireMs' | 'failMs' | 'failStatementMs' | 'failDeadlineMs' | 'failPlatformMs' | 'pendingMs'
>;

export interface FailuresInput {
  readonly failures: readonly Failure[];
  readonly limits: FailureLimits;
  /** Whether the scenario has a stress phase: then a run without a single failure proves nothing. */
  readonly overloadDeclared: boolean;
  /** Whether clients give up early and try again, and recovery is judged. */
  readonly isStorm: boolean;
}

export function judgeFailures({ failures, limits, overloadDeclared, isStorm }: FailuresInput): BoundResult {
  const unit = 'ms';
  if (failures.length === 0 && overloadDeclared)
    return result({ status: 'INCONCLUSIVE', unit, reason: 'nothing failed although overload was declared' });
  if (failures.length === 0) return result({ status: 'NOT_APPLICABLE', unit, reason: 'nothing failed' });
  const judged = sortOut(failures, limits);
  return maximumRule(judged, limits) ?? p99Rule(judged, limits, isStorm) ?? pass(judged, limits);
}

interface Judged {
  readonly all: readonly Failure[];
  /** Failures that were answered, by the service or the platform. */
  readonly answered: readonly Failure[];
  /** What rule 2 is about: issued by the service, or provably not issued in time. */
  readonly issued: readonly Failure[];
  readonly slow: readonly Failure[];
  /** Given up before the limit: how long they would have taken is not known. */
  readonly censored: number;
  readonly p99Ms: number | null;
}

function sortOut(all: readonly Failure[], limits: FailureLimits): Judged {
  const isSlow = (failure: Failure): boolean => lastedMs(failure) > fastMs(failure, limits);
  const answered = all.filter((failure) => failure.class !== 'client_timeout');
  const givenUp = all.filter((failure) => failure.class === 'client_timeout');
  const outlasted = givenUp.filter(isSlow);
  const issued = [...answered.filter((failure) => failure.class !== 'platform'), ...outlasted];
  return {
    all,
    answered,
    issued,
    slow: issued.filter(isSlow),
    censored: givenUp.length - outlasted.length,
    p99Ms: quantile(issued.map(lastedMs), 0.99),
  };
}

function maximumRule({ all, answered }: Judged, limits: FailureLimits): BoundResult | null {
  let first: Failure | null = null;
  let worst: Failure | null = null;
  const overMs = (failure: Failure): number => lastedMs(failure) - maximumMs(failure, limits);
  for (const failure of answered) {
    if (overMs(failure) <= 0) continue;
    if (first === null || failure.fromUs < first.fromUs) first = failure;
    if (worst === null || overMs(failure) > overMs(worst)) worst = failure;
  }
  if (first === null || worst === null) return null;
  const limit = maximumMs(worst, limits);
  return result({
    status: 'FAIL',
    unit: 'ms',
    value: lastedMs(worst),
    limit,
    n: all.length,
    reason: `a ${worst.class} came only after ${formatMs(lastedMs(worst))}, limit ${formatMs(limit)}${queueNote(worst, limits)}`,
    witness: witnessOf(first, maximumMs(first, limits)),
  });
}

function p99Rule(
  { all, issued, slow, censored, p99Ms }: Judged,
  limits: FailureLimits,
  isStorm: boolean,
): BoundResult | null {
  const known = { unit: 'ms', value: p99Ms, limit: limits.failMs, n: all.length } as const;
  const share = shareAtMost(slow.length, issued.length, 0.01);
  const [first] = slow;
  const slowOf = `${slow.length} of ${issued.length} failures of the service took longer than ${formatMs(limits.failMs)}`;
  if (share === 'no' && first !== undefined) {
    const reason = `${slowOf}, p99 ${formatMs(p99Ms ?? 0)}: ${classesOf(slow)}`;
    return result({ ...known, status: 'FAIL', reason, witness: witnessOf(first, fastMs(first, limits)) });
  }
  if (censored > 0.01 * all.length) {
    const reason = `the client gave up on ${censored} of ${all.length} failures before the limit: how long they take is unknown`;
    return isStorm
      ? result({
          ...known,
          status: 'NOT_APPLICABLE',
          reason: `${reason}; a storm is judged by B13, B21 and B22`,
        })
      : result({ ...known, status: 'INCONCLUSIVE', reason });
  }
  if (share === 'yes') return null;
  return result({ ...known, status: 'INCONCLUSIVE', reason: `${slowOf}: that can't be told from 1 %` });
}

function pass({ all, answered, issued, slow }: Judged, limits: FailureLimits): BoundResult {
  const value = quantile(answered.map(lastedMs), 1);
  const sure = confidenceWords(confidenceOfMax(issued.length, 0.99));
  const p99 =
    slow.length === 0
      ? `p99 within the limit with ${sure} confidence`
      : `${slow.length} slow of ${issued.length}`;
  const guess = issued.find((failure) => !failure.isReceived);
  const note = guess === undefined ? '' : queueNote(guess, limits);
  return result({
    status: 'PASS',
    unit: 'ms',
    value,
    limit: limits.failMs,
    n: all.length,
    confidence: slow.length === 0 ? confidenceOfMax(issued.length, 0.99) : 0.95,
    reason: `${all.length} failures, the slowest after ${formatMs(value ?? 0)}; ${p99}${note}`,
  });
}

function maximumMs(failure: Failure, limits: FailureLimits): number {
  return classLimitMs(failure.class, limits) + unknownQueueMs(failure, limits);
}

function fastMs(failure: Failure, limits: FailureLimits): number {
  return limits.failMs + unknownQueueMs(failure, limits);
}

/** Where nothing tells when the instance got the request, all of the platform's queue may lie in the time. */
function unknownQueueMs(failure: Failure, limits: FailureLimits): number {
  return failure.isReceived || failure.class === 'platform' ? 0 : limits.pendingMs;
}

function classLimitMs(failureClass: FailureClass, limits: FailureLimits): number {
  if (failureClass === 'stmt_timeout') return limits.failStatementMs;
  if (failureClass === 'deadline') return limits.failDeadlineMs;
  return failureClass === 'platform' ? limits.failPlatformMs : limits.failMs;
}

function queueNote(failure: Failure, limits: FailureLimits): string {
  if (unknownQueueMs(failure, limits) === 0) return '';
  return `; when the instance got it is unknown, so the limit grew by ${formatMs(limits.pendingMs)} of queueing`;
}

function classesOf(failures: readonly Failure[]): string {
  const counts = new Map<string, number>();
  for (const { class: name } of failures) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

function lastedMs({ fromUs, endedUs }: Failure): number {
  return (endedUs - fromUs) / 1000;
}

function witnessOf(failure: Failure, limitMs: number): Witness {
  const what = `${attemptWords(failure)}: ${failure.class} after ${formatMs(lastedMs(failure))}, limit ${formatMs(limitMs)}`;
  return { fromUs: failure.fromUs, toUs: failure.endedUs, what };
}

export const failuresFast = {
  id: 'B11',
  name: 'failures-fast',
  title: 'failures are fast',
  meaning: 'A request that fails does so within the limit for its kind of failure.',
  severity: 'hard',
  answer: 'fast_failing',
  provenance: 'emulated',
  isPain: false,
  headline: 'promise',
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V04', 'V09', 'V16'],
  judge: ({ evidence, notOk, stress, triggerEndUs }, { thresholds }) => {
    const { timeout_ms: timeoutMs, policy } = evidence.run.client;
    const isRetried = policy.maxAttempts > 1;
    const outages = timesAwayIn(evidence, 1000 * thresholds.acquireMs);
    return judgeFailures({
      failures: failuresIn(notOk).filter((failure) => !isExcused(failure, outages)),
      limits: thresholds,
      overloadDeclared: stress.length > 0,
      isStorm: isRetried && triggerEndUs !== null && timeoutMs < thresholds.failMs + thresholds.pendingMs,
    });
  },
} as const satisfies Bound;

function isExcused({ class: kind, fromUs, endedUs }: Failure, outages: readonly Outage[]): boolean {
  return kind !== 'db_error' && touches(outages, fromUs, endedUs);
}
