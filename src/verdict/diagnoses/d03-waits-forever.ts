import { floatsOf } from '../../base/floats.ts';
import { formatMs, trim } from '../../base/units.ts';
import { attemptsSent } from '../facts/requests/schedule-counts.ts';
import type { Confidence, Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import { quickest } from '../facts/accounts/supply.ts';
import { servedMs } from '../facts/requests/service-time.ts';
import { waitingOf } from './shared/waiting.ts';
import { sortedQuantile } from '../statistics/quantile.ts';

/*
 * Requests wait for a session far longer than the contract allows, and it is not the service that ends their waiting: the
 * pool became an invisible queue. Seen where the service tells its acquire time, or in the accounts: most of what requests
 * spent in the service was waiting for a session, and many were there for longer than
 *
 *     T_acq + eps + what a request of their route takes
 *
 * Where waits end in acquire timeouts, there is one, be it late; where callers and deadlines end them, there is none.
 */

/** Of the service time of all requests: less is no queue that anybody would notice. */
const leastShare = 0.3;
const many = 0.01;
/** Above it, waits do end in acquire timeouts. */
const fewTimeouts = 0.1;

export const waitsForever = {
  id: 'D03',
  title: 'waits for a session have no limit',
  question: null,
  diagnose: ({ run, service }) => {
    const { acquireMs, claim } = service.thresholds;
    const sent = attemptsSent(run.evidence.attempts, run.notOk);
    const failed = run.notOk.filter(hasFailed).length;
    const found = told(run, service) ?? inferred(run, service, sent);
    if (found === null) return null;
    return {
      confidence: found.confidence,
      lever: `set the pool's acquire timeout to the promised ${formatMs(acquireMs)}`,
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

/** What the accounts say, where the service tells nothing. */
function inferred(run: RunFacts, service: ServiceFacts, sent: number): Waits | null {
  const { attempts } = run.evidence;
  const waiting = waitingOf(run, service);
  if (waiting === null || waiting.share < leastShare) return null;
  if (attempts.some(({ acquireUs }) => acquireUs !== null)) return null;
  const quickMs = quickest(run);
  const { failMs, acquireMs } = service.thresholds;
  const long = attempts.filter(
    (one) =>
      one.outcome !== 'dropped' &&
      one.outcome !== 'platform' &&
      servedMs({ ...one, endedUs: one.endedUs ?? run.endUs }) > failMs + (quickMs.get(one.route) ?? Infinity),
  );
  const timedOut = long.filter(({ outcome }) => outcome === 'pool_timeout').length;
  if (long.length <= many * sent || timedOut > fewTimeouts * long.length) return null;
  const longestMs = long.reduce((most, one) => Math.max(most, servedMs(one)), 0);
  return {
    confidence: waiting.share > 0.6 ? 'high' : 'medium',
    evidence: `${trim(100 * waiting.share, 0)} % of the time that requests spent in the service was waiting for a session; ${long.length} of ${sent} were there for longer than the promised ${formatMs(acquireMs)} and their own work, up to ${formatMs(longestMs)}, and ${timedOut} of them ended in an acquire timeout`,
  };
}
