import { formatMs, trim } from '../../base/units.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import { cohortsOf, type Cohort } from '../facts/requests/cohort.ts';
import type { Confidence, Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { hasFailed } from '../facts/requests/failure.ts';
import { isLoadBack } from '../facts/requests/load-after.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * The trigger is over and callers ask as often as before it, yet the service does not recover: each request is made
 * several times because it fails, and it fails because each is made several times. With m attempts for each request, any
 * load above cap / m keeps a service of capacity cap down, although it could serve every load up to cap.
 *
 * Retries also follow where something else keeps a service down. The two differ in whether the attempts are more than the
 * service can serve: by the plan's sum of declared holds, or by what it has served before.
 */

/** Attempts for a request from which on retries, not callers, make up the load. */
const stormFrom = 1.5;

/** The share of requests that a budget usually lets clients repeat. */
const usualBudget = 0.1;

export const retryStorm = {
  id: 'D10',
  title: 'a retry storm keeps the service down',
  question: 'demand',
  diagnose: ({ run, service, results }) => {
    const { baseline } = run;
    const { thresholds, contract } = service;
    if (results.get('B22')?.status !== 'FAIL' || baseline === null || !isLoadBack(run)) return null;
    const after = afterDeadline(run, service);
    if (after === null || after.isOver) return null;
    const before = amplification(cohortsIn(run, service, baseline.fromUs, baseline.toUs));
    const { ratePerSec } = baseline;
    const said = plannedOf(run, after.fromUs);
    const budgeted = `${trim(ratePerSec * (1 + usualBudget), 1)} attempts/s`;
    return {
      confidence: confidenceOf(run, service, after, { before, said }),
      lever: `a retry budget for the clients, and respect for Retry-After; then an acquire timeout shorter than ${formatMs(thresholds.acquireMs)}, so that no work is done for callers who have left`,
      evidence: [
        `from ${formatMs(thresholds.recoverHardMs)} after the trigger on: ${trim(after.attempts, 2)} attempts for each request on average; at baseline ${trim(before, 2)}`,
        `so ${trim(ratePerSec, 1)} requests/s, as at baseline, were ${trim(ratePerSec * after.attempts, 1)} attempts/s`,
        `${trim(100 * after.failed, 0)} % of these attempts failed`,
        ...(said === null ? [] : [`the plan had said: ${said.statement}`]),
      ],
      confirm: 'run the same seed with retry: none: it must recover',
      whatIf: [
        whatIf(
          run,
          service,
          `retries up to ${100 * usualBudget} % of requests: ${budgeted} (the same claim)`,
          {},
        ),
        whatIf(
          run,
          service,
          `acquire timeout below ${formatMs(contract.acquireTimeoutMs)} (the same claim)`,
          {},
        ),
      ],
    };
  },
} as const satisfies Diagnosis;

/** What clients did once the service should have been back. */
interface After {
  readonly fromUs: number;
  readonly attempts: number;
  /** Share of the attempts that failed. */
  readonly failed: number;
  /** Whether requests were made once, or nearly so, in half of the windows or more. */
  readonly isOver: boolean;
}

function afterDeadline(run: RunFacts, service: ServiceFacts): After | null {
  const { triggerEndUs, load, evidence } = run;
  const { thresholds } = service;
  if (triggerEndUs === null || load === null) return null;
  const fromUs = triggerEndUs + 1000 * thresholds.recoverHardMs;
  const windows = cohortsIn(run, service, fromUs, load.toUs);
  if (windows.length === 0) return null;
  const made = evidence.attempts.filter(
    ({ outcome, sentUs }) => outcome !== 'dropped' && sentUs >= fromUs && sentUs < load.toUs,
  );
  const failed = made.filter(hasFailed);
  const storming = windows.filter((window) => amplification([window]) >= stormFrom);
  return {
    fromUs,
    attempts: amplification(windows),
    failed: made.length === 0 ? 0 : failed.length / made.length,
    isOver: storming.length <= windows.length / 2,
  };
}

function cohortsIn(
  { requests }: RunFacts,
  { thresholds }: ServiceFacts,
  fromUs: number,
  toUs: number,
): readonly Cohort[] {
  return cohortsOf(requests, fromUs, toUs, thresholds.deadlineMs).filter(({ n }) => n > 0);
}

/** Attempts for each request; 1 where nothing was asked. */
function amplification(windows: readonly Cohort[]): number {
  const requests = windows.reduce((sum, { n }) => sum + n, 0);
  return requests === 0 ? 1 : windows.reduce((sum, { attempts }) => sum + attempts, 0) / requests;
}

/** A fault that was still on, or that changed the service for good, may be what keeps it down. */
function hasLastingFault({ evidence, load }: RunFacts, atUs: number): boolean {
  const startUs = load?.fromUs ?? 0;
  return (evidence.run.chaos ?? []).some(({ at_us: at, for_us: lasts, fault }) =>
    lasts === null ? fault.kind !== 'instance.kill' : startUs + at + lasts > atUs,
  );
}

type Planned = RunRecord['predictions'][number];

/** What the plan predicted for a storm in the phase of a moment; null where no request declares its hold. */
function plannedOf({ evidence, phases }: RunFacts, atUs: number): Planned | null {
  const phase = phases.find(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs);
  const said = evidence.run.predictions.find(
    ({ id, phase: name }) => id === 'retry_vulnerability' && name === phase?.name,
  );
  return said ?? null;
}

function confidenceOf(
  run: RunFacts,
  service: ServiceFacts,
  after: After,
  { before, said }: { readonly before: number; readonly said: Planned | null },
): Confidence {
  const { baseline } = run;
  const stormPerSec = (baseline?.ratePerSec ?? 0) * after.attempts;
  const isServable = (said !== null && said.value < 1) || mostServed(run, service) > stormPerSec;
  if (isServable) return 'low';
  const isCalm = before < stormFrom && !hasLastingFault(run, after.fromUs);
  return isCalm && said !== null ? 'high' : 'medium';
}

/** The most requests per second that were answered well, over any window of the load. */
function mostServed(run: RunFacts, service: ServiceFacts): number {
  const { load } = run;
  const windows = load === null ? [] : cohortsIn(run, service, load.fromUs, load.toUs);
  return windows.reduce((most, { good, fromUs, toUs }) => Math.max(most, (1e6 * good) / (toUs - fromUs)), 0);
}
