import { formatMs } from '../../base/units.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { failureOf } from '../failure.ts';
import { quantile } from '../statistics/quantile.ts';

/*
 * Requests wait for a session far longer than the contract allows, and few fail: the pool became an invisible
 * queue. Seen where the service tells its acquire time.
 */

/** Where many fail, waiting is not what hides the overload. */
const fewFailures = 0.05;

export const waitsForever: Diagnosis = {
  id: 'D03',
  title: 'requests wait for a session without end',
  diagnose: ({ facts }) => {
    const { acquireMs, failMs, claim } = facts.thresholds;
    const attempts = facts.evidence.attempts.filter(({ outcome }) => outcome !== 'dropped');
    const failed = attempts.filter((attempt) => failureOf(attempt) !== null);
    if (failed.length > fewFailures * attempts.length) return null;
    const waits = attempts.flatMap(({ acquireUs }) => (acquireUs === null ? [] : [acquireUs / 1000]));
    const p99 = quantile(waits, 0.99);
    const max = quantile(waits, 1);
    if (p99 === null || max === null || p99 <= failMs) return null;
    return {
      confidence: p99 > 2 * acquireMs ? 'high' : 'medium',
      lever: `shorten the acquire timeout to the promised ${formatMs(acquireMs)}`,
      evidence: [
        `waits for a session as the service told them: p99 ${formatMs(p99)}, longest ${formatMs(max)}, promised ${formatMs(acquireMs)} (${waits.length} told)`,
        `${failed.length} of ${attempts.length} attempts failed`,
      ],
      confirm: 'set the acquire timeout: failures become fast, and as many as the queue was long',
      whatIf: [
        {
          change: `acquire timeout -> ${formatMs(acquireMs)} (no session more or less)`,
          claim,
          planned: facts.budget.planned,
          fits: facts.budget.fitsSteady,
        },
      ],
    };
  },
};
