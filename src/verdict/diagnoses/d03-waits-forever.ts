import { floatsOf } from '../../base/floats.ts';
import { formatMs, trim } from '../../base/units.ts';
import { attemptsSent } from '../facts/requests/schedule-counts.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import type { Confidence, Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import { meanBusy } from '../facts/sessions/own-samples.ts';
import { sortedQuantile } from '../statistics/quantile.ts';

/*
 * Requests wait for a session far longer than the contract allows, and few fail: the pool became an invisible
 * queue. Seen where the service tells its acquire time; inferred where B09 was broken by times that only waiting
 * explains, while nearly every session of the claim was at work.
 */

/** Where many fail, waiting does not hide the overload. */
const fewFailures = 0.05;
const full = 0.8;

export const waitsForever = {
  id: 'D03',
  title: 'waits for a session have no limit',
  question: null,
  diagnose: ({ run, service, results }) => {
    const { acquireMs, claim } = service.thresholds;
    const sent = attemptsSent(run.evidence.attempts, run.notOk);
    const failed = run.notOk.filter(hasFailed).length;
    if (failed > fewFailures * sent) return null;
    const found = told(run, service) ?? inferred(run, service, results.get('B09'));
    if (found === null) return null;
    return {
      confidence: found.confidence,
      lever: `shorten the acquire timeout to the promised ${formatMs(acquireMs)}`,
      evidence: [found.evidence, `${failed} of ${sent} attempts failed`],
      confirm: 'set the acquire timeout: failures become fast, and as many as the queue was long',
      whatIf: [
        {
          change: `acquire timeout -> ${formatMs(acquireMs)} (no session more or less)`,
          claim,
          planned: run.budget.planned,
          fits: run.budget.fitsSteady,
        },
      ],
    };
  },
} as const satisfies Diagnosis;

interface Waits {
  readonly confidence: Confidence;
  readonly evidence: string;
}

/** What the service reports about its waits; null where it reports nothing, or where they are short. */
function told({ evidence }: RunFacts, { thresholds: { acquireMs, failMs } }: ServiceFacts): Waits | null {
  const timed = evidence.attempts.filter(({ acquireUs }) => acquireUs !== null);
  const waits = floatsOf(timed, ({ acquireUs }) => (acquireUs ?? 0) / 1000).sort();
  const p99 = sortedQuantile(waits, 0.99);
  const max = sortedQuantile(waits, 1);
  if (p99 === null || max === null || p99 <= failMs) return null;
  return {
    confidence: p99 > 2 * acquireMs ? 'high' : 'medium',
    evidence: `waits for a session as the service told them: p99 ${formatMs(p99)}, longest ${formatMs(max)}, promised ${formatMs(acquireMs)} (${waits.length} told)`,
  };
}

/** What B09 inferred, where the service reports nothing and sessions were short. */
function inferred(run: RunFacts, service: ServiceFacts, waiting: BoundResult | undefined): Waits | null {
  const under = run.stress[0];
  if (waiting?.status !== 'FAIL' || under === undefined) return null;
  const { claim } = service.thresholds;
  if (run.evidence.attempts.some(({ acquireUs }) => acquireUs !== null)) return null;
  const busy = meanBusy(run, service, under);
  if (busy <= full * claim) return null;
  return {
    confidence: 'medium',
    evidence: `${waiting.reason}; ${trim(busy, 1)} of the ${claim} sessions of the claim were at work in ${under.name} on average`,
  };
}
