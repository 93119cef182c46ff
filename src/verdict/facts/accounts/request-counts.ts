import { floatsOf } from '../../../base/floats.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import { countAt, type Step } from '../../../evidence/sessions/steps.ts';
import type { RunFacts } from '../run-facts.ts';
import { meanBetween, type Outstanding } from '../requests/outstanding.ts';

/** Between two moments, on average: requests that the platform held, those that the service had, and ends a second. */
export interface RequestCount {
  readonly front: number;
  readonly inside: number;
  readonly endedPerSec: number;
}

/**
 * The requests of a run between each two of these moments. An answer tells when an instance got its request, and a
 * refusal of the platform that none did. Of a request that the caller gave up nobody knows it: such requests count as in
 * front as far as the instances had no place for them, N_ready x K.
 */
export function requestCounts(
  { evidence, frontQueue, driven }: RunFacts,
  ready: readonly Step[] | null,
  edges: readonly number[],
): readonly RequestCount[] {
  const sent = evidence.attempts.filter(({ outcome }) => outcome !== 'dropped');
  const told = meanBetween(
    columnsOf(sent.filter(isTold), ({ sentUs }) => sentUs, leftFrontUs),
    edges,
  );
  const open = meanBetween(
    columnsOf(
      sent,
      ({ sentUs }) => sentUs,
      ({ endedUs }) => endedUs,
    ),
    edges,
  );
  const untold = meanBetween(
    columnsOf(
      sent.filter((one) => !isTold(one)),
      ({ sentUs }) => sentUs,
      ({ endedUs }) => endedUs,
    ),
    edges,
  );
  const ends = floatsOf(sent, ({ endedUs }) => endedUs ?? Infinity).sort();
  const places = driven.contract.containerConcurrency;
  let passed = 0;
  return edges.slice(1).map((edge, index) => {
    const from = edges[index] ?? edge;
    const before = passed;
    while ((ends[passed] ?? Infinity) <= edge) passed += 1;
    const all = open[index] ?? 0;
    const known = told[index] ?? 0;
    const room = ready === null ? Infinity : countAt(ready, edge) * places;
    const queued = frontQueue ? Math.min(untold[index] ?? 0, Math.max(0, all - known - room)) : 0;
    return {
      front: known + queued,
      inside: Math.max(0, all - known - queued),
      endedPerSec: ((passed - before) * 1e6) / Math.max(1, edge - from),
    };
  });
}

/** Whether it is known how long the platform had it. */
function isTold({ receivedUs, outcome }: Attempt): boolean {
  return receivedUs !== null || outcome === 'platform';
}

function leftFrontUs({ receivedUs, endedUs }: Attempt): number | null {
  return receivedUs ?? endedUs;
}

function columnsOf(
  attempts: readonly Attempt[],
  from: (attempt: Attempt) => number,
  to: (attempt: Attempt) => number | null,
): Outstanding {
  return {
    sentUs: floatsOf(attempts, from).sort(),
    endedUs: floatsOf(attempts, (one) => to(one) ?? Infinity).sort(),
  };
}
