import { floatsOf } from '../../base/floats.ts';
import { formatMs } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import { attemptWords, confidenceWords, earliest } from './shared/witness.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { latencyFaults, lockFaults, markSpans, touches } from '../facts/platform/fault-spans.ts';
import { servedAtBaseline } from '../facts/requests/service-time.ts';
import { shareAtMost } from '../statistics/binomial.ts';
import { confidenceOfMax, quantile } from '../statistics/quantile.ts';
import { result } from './shared/result.ts';

/*
 * Requests that are served under overload are served in time:
 *
 *     p99(end - intended start) <= T_acq + T_pend + q99(S at baseline) + eps      over the successes under stress
 *
 * Where a pool's queue is first in, first out, a served request waits for about T_acq, and then for its work. Much more
 * than that means another queue. Counted from the intended start, because that is what a caller saw.
 */

interface Success {
  readonly arrival: number;
  readonly attempt: number;
  readonly intendedUs: number;
  readonly endedUs: number;
}

export interface AdmittedInput {
  /** Under stress, those within an excuse left out. */
  readonly successes: readonly Success[];
  /** Null without a baseline to know S by. */
  readonly limitMs: number | null;
}

export function judgeAdmitted({ successes, limitMs }: AdmittedInput): BoundResult {
  const base = { severity: 'soft', unit: 'ms', n: successes.length } as const;
  if (successes.length === 0)
    return result({ ...base, status: 'NOT_APPLICABLE', reason: 'nobody was served under stress' });
  if (limitMs === null)
    return result({
      ...base,
      status: 'INCONCLUSIVE',
      reason: 'no baseline: how long the work itself takes is unknown',
    });
  const lastedMs = ({ intendedUs, endedUs }: Success): number => (endedUs - intendedUs) / 1000;
  const p99 = quantile(floatsOf(successes, lastedMs), 0.99) ?? 0;
  const known = { ...base, value: p99, limit: limitMs } as const;
  const late = successes.filter((one) => lastedMs(one) > limitMs);
  const said = `${late.length} of ${successes.length} successes under stress took longer than ${formatMs(limitMs)}, p99 ${formatMs(p99)}`;
  const share = shareAtMost(late.length, successes.length, 0.01);
  const first = earliest(late, ({ intendedUs }) => intendedUs);
  if (share === 'no' && first !== null) {
    const what = `${attemptWords(first)}: ok after ${formatMs(lastedMs(first))}, limit ${formatMs(limitMs)}`;
    const witness = { fromUs: first.intendedUs, toUs: first.endedUs, what };
    return result({ ...known, status: 'FAIL', reason: said, witness });
  }
  if (share === 'unknown')
    return result({ ...known, status: 'INCONCLUSIVE', reason: `${said}: that can't be told from 1 %` });
  const confidence = late.length === 0 ? confidenceOfMax(successes.length, 0.99) : 0.95;
  const reason = `${said}; with ${confidenceWords(confidence)} confidence at most 1 % do`;
  return result({ ...known, status: 'PASS', confidence, reason });
}

export const admittedLatency = {
  id: 'B20',
  name: 'admitted-latency',
  title: 'admitted requests stay fast',
  meaning: 'Under stress, a success takes no longer than the acquire timeout and the usual work allow.',
  severity: 'soft',
  answer: null,
  provenance: 'emulated',
  isPain: false,
  headline: null,
  required: false,
  restsOn: { pass: ['attempts', 'events'], fail: ['attempts', 'events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V08', 'V09', 'V12', 'V14', 'V16'],
  judge: (run, service) => {
    const { stress, attemptsByPhase, evidence } = run;
    const { thresholds } = service;
    if (stress.length === 0)
      return result({ status: 'NOT_APPLICABLE', severity: 'soft', unit: 'ms', reason: 'no stress phase' });
    const excuses = [...markSpans(evidence, lockFaults, 0), ...markSpans(evidence, latencyFaults, 0)];
    const servedMs = servedAtBaseline(run, 0.99);
    const isExcused = ({ sentUs, endedUs }: Attempt): boolean => touches(excuses, sentUs, endedUs ?? sentUs);
    return judgeAdmitted({
      successes: stress
        .flatMap(({ name }) => attemptsByPhase.get(name) ?? [])
        .filter(isServed)
        .filter((one) => !isExcused(one)),
      limitMs: servedMs === null ? null : thresholds.failMs + thresholds.pendingMs + servedMs,
    });
  },
} as const satisfies Bound;

function isServed(attempt: Attempt): attempt is Attempt & Success {
  return attempt.outcome === 'ok' && attempt.endedUs !== null;
}
