import { formatMs, trim } from '../../base/units.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { Diagnosis } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import { openAttempts } from '../facts/requests/open-attempts.ts';
import { meanBusy } from '../facts/sessions/own-samples.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { correlation } from '../statistics/correlation.ts';
import { whatIf } from './shared/what-if.ts';

/*
 * More and more requests are inside and none is turned away: the longer the load lasts, the longer each takes, the
 * sessions stay inside the claim, and no caller gets a 429 or 503. Somewhere in the process there is a queue without a
 * limit. Where nearly all sessions of the claim are at work all the time, it is the queue for a session, which is D03.
 */

const full = 0.8;

/** Up to this share, refusals count as none. */
const fewRefused = 0.01;
const stepUs = 100_000;

export const unboundedQueue = {
  id: 'D11',
  title: 'an unbounded queue inside the service',
  question: null,
  diagnose: ({ run, service, results }) => {
    const under = run.stress[0];
    if (under === undefined) return null;
    const growth = growthIn(run, under);
    const isOverLevel = results.get('B10')?.status === 'FAIL';
    if (growth === null || growth.refused > fewRefused) return null;
    const { contract, thresholds } = service;
    const { acquireMs } = thresholds;
    const isGrowing = grows(growth, thresholds.failMs);
    if (!isOverLevel && !isGrowing) return null;
    if ((peakSessions(run, service) ?? 0) > thresholds.claim) return null;
    const busy = meanBusy(run, service, under);
    const places = contract.maxInstances * contract.containerConcurrency;
    return {
      confidence: busy > full * thresholds.claim ? 'low' : isOverLevel && isGrowing ? 'high' : 'medium',
      lever: `a limit on what is let in: container concurrency below ${contract.containerConcurrency}, and a queue that holds no more than can wait ${formatMs(acquireMs)}`,
      evidence: [
        `up to ${mostOpen(run, under)} requests were open at once in ${under.name}, and ${trim(100 * growth.refused, 1)} % were turned away`,
        `each took longer than the one before: ${formatMs(growth.firstMs)} in the first tenth of ${under.name}, ${formatMs(growth.lastMs)} in the last (correlation with time ${trim(growth.together, 2)})`,
        `meanwhile ${trim(busy, 1)} sessions were at work in the database on average, of a claim of ${thresholds.claim}`,
      ],
      confirm: `bound the queue: no more than ${places} requests may be open at once, and the rest must get a quick 429 or 503`,
      whatIf: [whatIf(run, service, `at most N x C = ${places} requests inside (the same claim)`, {})],
    };
  },
} as const satisfies Diagnosis;

interface Growth {
  /** Share of the answers that said no. */
  readonly refused: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Correlation of the service time with when it was asked. */
  readonly together: number;
}

/** Each waits longer than the one before, and longer than a request may wait for a session. */
function grows({ together, firstMs, lastMs }: Growth, failMs: number): boolean {
  return together > 0.8 && lastMs > failMs && lastMs > 4 * firstMs;
}

type Phase = RunFacts['phases'][number];

/** A line shows as well in this many points as in all. */
const points = 2000;

function growthIn({ attemptsByPhase }: RunFacts, { name }: Phase): Growth | null {
  const ended = (attemptsByPhase.get(name) ?? []).filter(({ endedUs }) => endedUs !== null);
  const refused = ended.filter(
    ({ status, outcome }) => outcome !== 'ok' && (status === 429 || status === 503),
  );
  const tenth = Math.floor(ended.length / 10);
  const every = Math.max(1, Math.floor(ended.length / points));
  const some = ended.filter((_, index) => index % every === 0);
  const together = correlation(
    some.map(({ sentUs }) => sentUs),
    some.map(tookMs),
  );
  if (tenth < 5 || together === null) return null;
  const meanMs = (part: readonly Attempt[]): number =>
    part.reduce((sum, one) => sum + tookMs(one), 0) / part.length;
  return {
    refused: refused.length / ended.length,
    firstMs: meanMs(ended.slice(0, tenth)),
    lastMs: meanMs(ended.slice(-tenth)),
    together,
  };
}

function tookMs({ sentUs, endedUs }: Attempt): number {
  return ((endedUs ?? sentUs) - sentUs) / 1000;
}

function mostOpen({ evidence }: RunFacts, { fromUs, toUs }: Phase): number {
  return openAttempts(evidence.attempts, fromUs, toUs, stepUs).reduce(
    (peak, count) => Math.max(peak, count),
    0,
  );
}
