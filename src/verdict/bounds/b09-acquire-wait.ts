import { floatsOf } from '../../base/floats.ts';
import { formatMs } from '../../base/units.ts';
import type { Attempt, Outcome } from '../../evidence/attempt.ts';
import { attemptWords, confidenceWords, earliest } from './shared/witness.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { joinParts } from './shared/parts.ts';
import { servedAtBaseline } from '../facts/requests/service-time.ts';
import { agesOf, type AgeSight } from './shared/session-ages.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { confidenceOfMax, quantile } from '../statistics/quantile.ts';
import { result } from './shared/result.ts';

/*
 * Waiting for a session is brief. Where the service says how long it waited:
 *
 *     hard   wait <= T_acq + eps        each
 *     soft   p99(wait) <= T_acq / 2     outside of the stress phases
 *
 * Where it does not, the wait is inferred, because a service without a limit on it may fail nothing and only be slow.
 * In an admitted attempt, time that was neither work nor the platform's queue was waiting:
 *
 *     w = L - T_pend (unless it is known when an instance got it)
 *           - max(q99.9 of L at baseline, the oldest transaction seen meanwhile)
 *
 * Broken where more than 1 % of the admitted have w > T_acq + eps, by the binomial test. The result says which form
 * was judged.
 */

/** An admitted attempt whose wait the service did not time. */
export interface Untimed {
  readonly arrival: number;
  readonly attempt: number;
  readonly fromUs: number;
  readonly endedUs: number;
  /** Whether `fromUs` is the instance's own receipt. */
  readonly isReceived: boolean;
}

/** An attempt whose wait the service timed. */
export type Timed = Pick<Attempt, 'sentUs' | 'endedUs' | 'phase'> & { readonly acquireUs: number };

export interface AcquireInput {
  /** Attempts whose waits the service timed. */
  readonly timed: readonly Timed[];
  /** The names of the stress phases. */
  readonly stressed: ReadonlySet<string>;
  readonly untimed: readonly Untimed[];
  /** q99.9 of the service time at baseline; null without. */
  readonly baselineMs: number | null;
  /** The oldest transaction in each sample; null where it was not seen. */
  readonly oldest: readonly AgeSight[] | null;
  /** T_acq + eps. */
  readonly limitMs: number;
  readonly acquireMs: number;
  readonly pendingMs: number;
}

export function judgeAcquireWait(input: AcquireInput): BoundResult {
  const { timed, untimed, limitMs } = input;
  const measured = timed.length === 0 ? null : measuredForm(input);
  // A handful of untimed waits among many timed ones: those attempts failed on their way to a session.
  const isTimed = timed.length > 0 && untimed.length <= 0.01 * (timed.length + untimed.length);
  if (measured !== null && isTimed) return measured;
  const inferred = untimed.length === 0 ? null : inferredForm(input);
  if (measured !== null && inferred !== null) return joinParts([measured, inferred]);
  return (
    measured ??
    inferred ??
    result({ status: 'NOT_APPLICABLE', unit: 'ms', limit: limitMs, reason: 'no request was let in' })
  );
}

function measuredForm({ timed, stressed, limitMs, acquireMs }: AcquireInput): BoundResult {
  const value = timed.reduce((most, one) => Math.max(most, waitedMs(one)), 0);
  const known = { unit: 'ms', value, limit: limitMs, n: timed.length } as const;
  const first = earliest(
    timed.filter((one) => waitedMs(one) > limitMs),
    toldUs,
  );
  if (first !== null) {
    const what = `a session was waited for ${formatMs(waitedMs(first))}, limit ${formatMs(limitMs)} (as the service says)`;
    const witness = { fromUs: toldUs(first), toUs: toldUs(first), what };
    return result({ ...known, status: 'FAIL', reason: `${what}; at worst ${formatMs(value)}`, witness });
  }
  const calm = timed.filter(({ phase }) => !stressed.has(phase));
  const p99 = quantile(floatsOf(calm, waitedMs), 0.99) ?? 0;
  const softMs = acquireMs / 2;
  if (p99 > softMs) {
    const what = `p99 of the waits outside of the stress is ${formatMs(p99)}, expected ${formatMs(softMs)}`;
    const long = earliest(
      calm.filter((one) => waitedMs(one) > softMs),
      toldUs,
    );
    const tUs = long === null ? 0 : toldUs(long);
    const witness = { fromUs: tUs, toUs: tUs, what };
    return result({
      ...known,
      status: 'FAIL',
      severity: 'soft',
      value: p99,
      limit: softMs,
      reason: what,
      witness,
    });
  }
  const reason = `${timed.length} waits for a session, as the service timed them, the longest ${formatMs(value)}; p99 outside of the stress ${formatMs(p99)}`;
  return result({ ...known, status: 'PASS', reason });
}

function waitedMs({ acquireUs }: Timed): number {
  return acquireUs / 1000;
}

/** The service says it with its answer. */
function toldUs({ sentUs, endedUs }: Timed): number {
  return endedUs ?? sentUs;
}

function inferredForm(input: AcquireInput): BoundResult {
  const { untimed, limitMs, baselineMs, oldest, pendingMs } = input;
  const totalMs = ({ fromUs, endedUs, isReceived }: Untimed): number =>
    (endedUs - fromUs) / 1000 - (isReceived ? 0 : pendingMs);
  const known = { unit: 'ms', limit: limitMs, n: untimed.length } as const;
  const long = untimed.filter((one) => totalMs(one) > limitMs);
  if (long.length > 0 && (baselineMs === null || oldest === null)) {
    const missing = baselineMs === null ? 'there is no baseline' : 'nobody saw the ages of transactions';
    const reason = `the service does not time its waits, and they can't be inferred: ${missing}`;
    return result({ ...known, status: 'INCONCLUSIVE', reason });
  }
  const waits = long.map((one) => ({
    one,
    waitedMs: totalMs(one) - Math.max(baselineMs ?? 0, oldestDuring(oldest ?? [], one)),
  }));
  const slow = waits.filter(({ waitedMs }) => waitedMs > limitMs);
  const value = waits.reduce((most, { waitedMs }) => Math.max(most, waitedMs), 0);
  const share = shareAtMost(slow.length, untimed.length, 0.01);
  const said = `${slow.length} of ${untimed.length} requests waited longer than ${formatMs(limitMs)} for something that was neither work nor the platform's queue (inferred: the service does not time its waits)`;
  const first = earliest(slow, ({ one }) => one.fromUs);
  if (share === 'no' && first !== null) {
    const what = `${attemptWords(first.one)}: ${formatMs((first.one.endedUs - first.one.fromUs) / 1000)}, of which ${formatMs(first.waitedMs)} can only be waiting, limit ${formatMs(limitMs)}`;
    const witness = { fromUs: first.one.fromUs, toUs: first.one.endedUs, what };
    return result({ ...known, status: 'FAIL', value, reason: said, witness });
  }
  if (share === 'unknown')
    return result({
      ...known,
      status: 'INCONCLUSIVE',
      value,
      reason: `${said}: that can't be told from 1 %`,
    });
  const confidence = slow.length === 0 ? confidenceOfMax(untimed.length, 0.99) : 0.95;
  const reason = `${said}; with ${confidenceWords(confidence)} confidence at most 1 %`;
  return result({ ...known, status: 'PASS', value, confidence, reason });
}

/** The oldest transaction seen while an attempt was open. */
function oldestDuring(sights: readonly AgeSight[], { fromUs, endedUs }: Untimed): number {
  let low = 0;
  let high = sights.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sights[middle]?.tUs ?? Infinity) < fromUs) low = middle + 1;
    else high = middle;
  }
  let oldestMs = 0;
  for (let sight = sights[low]; sight !== undefined && sight.tUs <= endedUs; sight = sights[(low += 1)])
    oldestMs = Math.max(oldestMs, sight.ageMs);
  return oldestMs;
}

/** Outcomes that show that the service took the request on. A request turned away at once did not wait. */
const letIn: ReadonlySet<Outcome> = new Set([
  'ok',
  'dishonest',
  'db_error',
  'stmt_timeout',
  'unknown',
  'deadline',
]);

export const acquireWait = {
  id: 'B09',
  name: 'acquire-wait',
  title: 'waits for a session are short',
  meaning: 'No request waits longer than the acquire timeout for a session.',
  severity: { depends: 'a wait above the acquire timeout is hard; a p99 above half of it is soft' },
  answer: 'bounded',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V04', 'V09', 'V16'],
  judge: (run, service) => {
    const { thresholds } = service;
    const waits = waitsOf(run);
    const isTold = waits.untimed.length === 0;
    return judgeAcquireWait({
      ...waits,
      baselineMs: isTold ? null : servedAtBaseline(run, 0.999),
      oldest: isTold ? null : oldestTransactions(run, service),
      limitMs: thresholds.failMs,
      acquireMs: thresholds.acquireMs,
      pendingMs: thresholds.pendingMs,
    });
  },
} as const satisfies Bound;

function oldestTransactions(run: RunFacts, service: ServiceFacts): readonly AgeSight[] | null {
  const sights = agesOf(run, service, ({ maxXactMs }) => maxXactMs);
  return sights === null || sights.length === 0 ? null : sights;
}

/** Attempts that the service timed, and those that it admitted without timing them. */
function waitsOf({ stress, evidence }: RunFacts): Pick<AcquireInput, 'timed' | 'untimed' | 'stressed'> {
  const timed: Timed[] = [];
  const untimed: Untimed[] = [];
  for (const attempt of evidence.attempts) {
    if (isTimed(attempt)) timed.push(attempt);
    else if (letIn.has(attempt.outcome) && attempt.endedUs !== null)
      untimed.push(untimedOf(attempt, attempt.endedUs));
  }
  return { timed, untimed, stressed: new Set(stress.map(({ name }) => name)) };
}

function isTimed(attempt: Attempt): attempt is Attempt & Timed {
  return attempt.acquireUs !== null;
}

function untimedOf({ arrival, attempt, sentUs, receivedUs }: Attempt, endedUs: number): Untimed {
  return { arrival, attempt, fromUs: receivedUs ?? sentUs, endedUs, isReceived: receivedUs !== null };
}
