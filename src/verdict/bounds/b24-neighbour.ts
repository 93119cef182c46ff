import { formatMs } from '../../base/units.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import {
  triesOf,
  unexcused,
  untriedWhere,
  type CanaryTries,
  type Try,
} from '../facts/sessions/canary-tries.ts';
import { confidenceWords } from './shared/witness.ts';
import { binomialAtMost, shareAtMost } from '../statistics/binomial.ts';
import { result } from './shared/result.ts';

/*
 * Another service on the same server still gets its sessions: once a second a new connection as a role of its own,
 * `select 1`, close.
 *
 *     no try fails, and p99(connect + query) <= T_acq, that is: at most 1 % of the tries take longer
 *
 * With k of n tries slow: FAIL where P(Bin(n, 0.01) >= k) < 0.05, PASS without a slow one or where P(Bin(n, 0.01) <= k)
 * <= 0.05, otherwise n tries are too few to tell. The confidence that fewer than 1 % are slow is
 *
 *     1 - P(at most k of n, each with probability 0.01)        without a slow one: 1 - 0.99^n
 *
 * 299 clean tries, five minutes of them, give 95 %. What is excused or not judged is as for the headroom's
 * canary: a declared outage of the database, and a stall of the harness.
 */

const slowShare = 0.01;

export function judgeNeighbour(given: CanaryTries): BoundResult {
  const { tries, limitMs } = given;
  if (tries.length === 0)
    return result({
      status: 'NOT_APPLICABLE',
      unit: 'ms',
      reason: 'nothing stood for another service: no login of a neighbour was given',
    });
  const judged = unexcused(given);
  const n = judged.length;
  const failed = judged.filter(({ ok }) => !ok);
  const slow = judged.filter(({ ok, tookMs }) => ok && tookMs > limitMs);
  const known = { unit: 'ms', value: p99Of(judged), limit: limitMs, n } as const;
  const [refused] = failed;
  if (refused !== undefined)
    return result({
      ...known,
      unit: 'count',
      value: failed.length,
      limit: 0,
      status: 'FAIL',
      reason: `${failed.length} of ${n} logins of a neighbour failed; first: ${refused.error ?? 'no reason given'}`,
      witness: witnessOf(refused, `a neighbour was refused: ${refused.error ?? 'no reason given'}`),
    });
  const [late] = slow;
  const share = shareAtMost(slow.length, n, slowShare);
  const said = `${slow.length} of ${n} logins of a neighbour took longer than ${formatMs(limitMs)}`;
  if (late !== undefined && share === 'no')
    return result({
      ...known,
      status: 'FAIL',
      reason: `${said}, more than 1 %`,
      witness: witnessOf(late, `a neighbour's login took ${formatMs(late.tookMs)}`),
    });
  const untried = untriedWhere(given, judged);
  if (untried !== null)
    return result({ ...known, status: 'INCONCLUSIVE', reason: `no neighbour tried ${untried}` });
  if (share === 'unknown')
    return result({ ...known, status: 'INCONCLUSIVE', reason: `${said}: that can't be told from 1 %` });
  const confidence = 1 - binomialAtMost(slow.length, n, slowShare);
  const reason = `${said}; with ${confidenceWords(confidence)} confidence fewer than 1 % do`;
  return result({ ...known, status: 'PASS', confidence, reason });
}

function witnessOf({ tUs }: Try, what: string): BoundResult['witness'] {
  return { fromUs: tUs, toUs: tUs, what };
}

/** By nearest rank, so of fewer than a hundred the slowest; null of none. */
function p99Of(tries: readonly Try[]): number | null {
  const sorted = tries.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.ceil((1 - slowShare) * sorted.length) - 1] ?? null;
}

export const neighbour = {
  id: 'B24',
  name: 'neighbour',
  title: 'neighbours get their sessions',
  meaning: 'At any moment, another service on the same server can connect.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: true,
  restsOn: { pass: ['attempts', 'events'], fail: ['events'] },
  stalledBy: 'times',
  needs: [...always, 'V01', 'V04', 'V09'],
  judge: (run, service) => judgeNeighbour(triesOf(run, service, 'neighbor')),
} as const satisfies Bound;
