import { formatMs, trim } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import { isOwnFailure } from '../../evidence/outcome-group.ts';
import { attemptWords, earliest } from './shared/witness.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { killFaults, markSpans, touches } from '../facts/platform/fault-spans.ts';
import { timesAwayIn } from '../facts/platform/outages.ts';
import type { Span } from '../facts/platform/overlap-windows.ts';
import { joinParts } from './shared/parts.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { confidenceOfMax } from '../statistics/quantile.ts';
import { result } from './shared/result.ts';

/*
 * A failure says that it is one. Over all attempts that were sent:
 *
 *     a  hard   no success whose body is not one
 *     b  hard   at least 99 % of shed and pool_timeout carry 429 or 503
 *     c  soft   at least 99 % of them carry Retry-After, from 1 s to T_rec
 *     d  hard   at most 0.1 % break off, except while an instance was killed or the database taken away on purpose
 *     e  hard   at most 1 % of the failures are of an unknown kind
 *
 * Shares by the binomial test: k exceptions of n are a FAIL where chance alone would give k or more in less than 5 % of
 * cases, a PASS where there are none or chance would give k or fewer in at most 5 %; in between it is not known.
 * Connections that broke because this machine ran out of files or ports are the harness's doing. Whether the health
 * check is truthful under load (f) can't be seen from outside.
 */

export interface HonestyInput {
  readonly attempts: readonly Attempt[];
  /** When broken connections are excused. */
  readonly excuses: readonly Span[];
  /** The longest that Retry-After may send a caller away. */
  readonly recoverMs: number;
}

export function judgeHonesty({ attempts, excuses, recoverMs }: HonestyInput): BoundResult {
  const notOk = attempts.filter(({ outcome }) => outcome !== 'ok');
  const sentInVain = notOk.filter(isSent);
  const sent = attempts.length - notOk.length + sentInVain.length;
  if (sent === 0) return result({ status: 'INCONCLUSIVE', unit: 'count', reason: 'no request was sent' });
  const turnedAway = sentInVain.filter(({ outcome }) => outcome === 'shed' || outcome === 'pool_timeout');
  const failed = sentInVain.filter(({ outcome }) => isFailure(outcome));
  const isExcused = ({ sentUs, endedUs }: Attempt): boolean => touches(excuses, sentUs, endedUs ?? sentUs);
  const excused = excuses.length === 0 ? [] : attempts.filter((one) => isSent(one) && isExcused(one));
  const broken = sentInVain.filter(({ outcome }) => outcome === 'conn_error');
  const nothing = result({
    status: 'PASS',
    unit: 'count',
    value: 0,
    limit: 0,
    n: sent,
    reason: `no success of ${sent} answers was dishonest`,
  });
  return joinParts([
    neverRule(sentInVain, sent) ?? nothing,
    ...shareRule({
      words: 'were turned away without 429 or 503',
      n: turnedAway.length,
      exceptions: turnedAway.filter((one) => !hasStatus(one)),
      most: 0.01,
      severity: 'hard',
    }),
    ...shareRule({
      words: `were turned away without a Retry-After from 1 s to ${formatMs(recoverMs)}`,
      n: turnedAway.length,
      exceptions: turnedAway.filter((one) => !saysWhen(one, recoverMs)),
      most: 0.01,
      severity: 'soft',
    }),
    ...shareRule({
      words: 'broke off',
      n: sent - excused.length,
      exceptions: broken.filter((one) => !isExcused(one)),
      most: 0.001,
      severity: 'hard',
    }),
    ...shareRule({
      words: 'of the failures are of no known kind',
      n: failed.length,
      exceptions: failed.filter(({ outcome }) => outcome === 'unknown'),
      most: 0.01,
      severity: 'hard',
    }),
  ]);
}

function isSent(attempt: Attempt): boolean {
  return attempt.outcome !== 'dropped' && !isOwnFailure(attempt);
}

function neverRule(sentInVain: readonly Attempt[], sent: number): BoundResult | null {
  const fakes = sentInVain.filter(({ outcome }) => outcome === 'dishonest');
  const first = earliest(fakes, ({ sentUs }) => sentUs);
  if (first === null) return null;
  const what = `${attemptWords(first)}: status ${first.status ?? 'unknown'} with a body that is no answer`;
  const witness = { fromUs: first.sentUs, toUs: first.endedUs ?? first.sentUs, what };
  const reason = `${fakes.length} of ${sent} answers look like successes and are none; first: ${what}`;
  return result({
    status: 'FAIL',
    unit: 'count',
    value: fakes.length,
    limit: 0,
    n: sent,
    reason,
    witness,
  });
}

interface ShareRule {
  readonly words: string;
  /** How many are judged, the exceptions among them. */
  readonly n: number;
  readonly exceptions: readonly Attempt[];
  /** The largest share of exceptions that is allowed. */
  readonly most: number;
  readonly severity: 'hard' | 'soft';
}

function shareRule({ words, n, exceptions, most, severity }: ShareRule): readonly BoundResult[] {
  if (n === 0) return [];
  const value = exceptions.length / n;
  const reason = `${exceptions.length} of ${n} ${words} (at most ${trim(100 * most, 1)} %)`;
  const known = { unit: 'ratio', severity, value, limit: most, n, reason } as const;
  const share = shareAtMost(exceptions.length, n, most);
  const first = earliest(exceptions, ({ sentUs }) => sentUs);
  if (share === 'no' && first !== null) {
    const what = `${attemptWords(first)}: ${first.outcome}, status ${first.status ?? 'none'}`;
    const witness = { fromUs: first.sentUs, toUs: first.endedUs ?? first.sentUs, what };
    return [result({ ...known, status: 'FAIL', witness })];
  }
  if (share === 'unknown')
    return [
      result({
        ...known,
        status: severity === 'hard' ? 'INCONCLUSIVE' : 'NOT_APPLICABLE',
        reason: `${reason}: too few to tell`,
      }),
    ];
  const confidence = exceptions.length === 0 ? confidenceOfMax(n, 1 - most) : 0.95;
  return [result({ ...known, status: 'PASS', confidence })];
}

function hasStatus({ status }: Attempt): boolean {
  return status === 429 || status === 503;
}

function saysWhen({ retryAfterMs }: Attempt, recoverMs: number): boolean {
  return retryAfterMs !== null && retryAfterMs >= 1000 && retryAfterMs <= recoverMs;
}

function isFailure(outcome: Attempt['outcome']): boolean {
  return outcome !== 'ok' && outcome !== 'unfinished' && outcome !== 'client_error';
}

export const honestFailure = {
  id: 'B19',
  name: 'honest-failure',
  title: 'failures are honest',
  meaning: 'No failure is passed off as a success, and rejections carry the right status.',
  severity: { depends: 'hard; only a missing Retry-After is soft' },
  answer: 'fast_failing',
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V09', 'V12'],
  judge: ({ evidence }, { thresholds }) => {
    const graceUs = 1000 * thresholds.acquireMs;
    return judgeHonesty({
      attempts: evidence.attempts,
      excuses: [...markSpans(evidence, killFaults, graceUs), ...timesAwayIn(evidence, graceUs)],
      recoverMs: thresholds.recoverHardMs,
    });
  },
} as const satisfies Bound;
