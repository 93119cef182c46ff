import type { Outcome } from './attempt.ts';
import { makeBuckets } from './buckets.ts';
import type { Evidence } from './evidence.ts';
import { isClosed } from './run-record.ts';
import { groupOf, outcomeGroups, type OutcomeGroup } from './outcome-group.ts';
import { percentilesOf, type Percentiles } from './latency/percentiles.ts';

/** What happened in `fromUs <= t < fromUs + bucketUs`. */
export interface AttemptBucket {
  readonly fromUs: number;
  /** Arrivals of the schedule by their intended start, those never sent included; closed phases plan none. */
  readonly planned: number;
  /** First attempts by when they were sent. */
  readonly sent: number;
  /** Retries by when they were sent. */
  readonly retries: number;
  /** Arrivals never sent, by their intended start. */
  readonly dropped: number;
  /** Attempts by when they ended. */
  readonly ended: Readonly<Partial<Record<Outcome, number>>>;
  /** Response time of the attempts whose intended start falls here, so that a stall shows where it began. */
  readonly responseMs: Readonly<Partial<Record<OutcomeGroup, Percentiles>>>;
}

interface Draft {
  readonly fromUs: number;
  planned: number;
  sent: number;
  retries: number;
  dropped: number;
  readonly ended: Partial<Record<Outcome, number>>;
  readonly responses: Record<OutcomeGroup, number[]>;
}

/** The attempts over time, in buckets whose edges are multiples of `bucketUs`. */
export function attemptSeries(evidence: Evidence, bucketUs: number): readonly AttemptBucket[] {
  const buckets = makeBuckets(bucketUs, emptyDraft);
  const closed = new Set(evidence.run.phases.flatMap((phase) => (isClosed(phase) ? [phase.name] : [])));
  for (const attempt of evidence.attempts) {
    const intended = buckets.at(attempt.intendedUs);
    const isFirst = attempt.attempt === 1;
    if (isFirst && !closed.has(attempt.phase)) intended.planned += 1;
    if (attempt.outcome !== 'dropped') buckets.at(attempt.sentUs)[isFirst ? 'sent' : 'retries'] += 1;
    else if (isFirst) intended.dropped += 1;
    if (attempt.endedUs === null) continue;
    intended.responses[groupOf(attempt.outcome)].push((attempt.endedUs - attempt.intendedUs) / 1000);
    const { ended } = buckets.at(attempt.endedUs);
    ended[attempt.outcome] = (ended[attempt.outcome] ?? 0) + 1;
  }
  return buckets.all().map(({ responses, ...bucket }) => ({ ...bucket, responseMs: summed(responses) }));
}

function emptyDraft(fromUs: number): Draft {
  const responses = { ok: [], refused: [], failed: [], never_ended: [] };
  return { fromUs, planned: 0, sent: 0, retries: 0, dropped: 0, ended: {}, responses };
}

function summed(responses: Draft['responses']): AttemptBucket['responseMs'] {
  const result: Partial<Record<OutcomeGroup, Percentiles>> = {};
  for (const group of outcomeGroups) {
    const percentiles = percentilesOf(responses[group]);
    if (percentiles !== null) result[group] = percentiles;
  }
  return result;
}
