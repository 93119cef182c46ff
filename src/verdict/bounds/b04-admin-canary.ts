import { formatMs } from '../../base/units.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { triesOf, unexcused, untriedWhere, type CanaryTries } from '../facts/sessions/canary-tries.ts';
import { result } from './shared/result.ts';

/*
 * Whoever owns the headroom can use it, at any moment: once a second a new connection as an ordinary role,
 * `select 1`, close.
 *
 *     each canary succeeds, and connect + query <= T_acq
 *
 * The role must not be a superuser: with all ordinary slots taken a superuser still connects, while the service
 * is refused. A failure inside a declared outage of the database is excused; nothing else excuses one.
 * A login that was slow only because the harness itself stalled is not judged.
 */

export function judgeCanary(given: CanaryTries): BoundResult {
  const { limitMs } = given;
  const judged = unexcused(given);
  const slowestMs = judged.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
  const value = judged.length === 0 ? null : slowestMs;
  const refused = judged.filter(({ ok }) => !ok).length;
  // A refusal counts however long it took; only a slow login is a matter of milliseconds, and may be our doing.
  const known =
    refused > 0
      ? ({ unit: 'count', value: refused, limit: 0, n: judged.length } as const)
      : ({ unit: 'ms', value, limit: limitMs, n: judged.length } as const);
  const broken = judged.filter(({ ok, tookMs }) => !ok || tookMs > limitMs);
  const [first] = broken;
  if (first !== undefined) {
    const what = first.ok
      ? `a headroom login took ${formatMs(first.tookMs)}`
      : `a headroom login was refused: ${first.error ?? 'no reason given'}`;
    return result({
      ...known,
      status: 'FAIL',
      reason: `${broken.length} of ${judged.length} headroom logins failed or were slow; first: ${what}`,
      witness: { fromUs: first.tUs, toUs: first.tUs, what },
    });
  }
  const untried = untriedWhere(given, judged);
  if (untried !== null)
    return result({ ...known, status: 'INCONCLUSIVE', reason: `no headroom canary ${untried}` });
  const reason = `all ${judged.length} headroom logins succeeded, the slowest in ${formatMs(slowestMs)}`;
  return result({ ...known, status: 'PASS', reason });
}

export const adminCanary = {
  id: 'B04',
  name: 'admin-canary',
  title: 'headroom can be used',
  meaning: 'At any moment, a new login as an ordinary role succeeds within the acquire timeout.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: true,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V04', 'V09'],
  judge: (run, service) => judgeCanary(triesOf(run, service, 'headroom')),
} as const satisfies Bound;
