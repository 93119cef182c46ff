import type { Evidence } from '../../evidence/evidence.ts';
import { samplesOf, type Sample } from '../../evidence/sessions/samples.ts';
import { attemptSeries, type AttemptBucket } from '../../evidence/series.ts';
import type { Summary } from '../../verdict/summary/summary.ts';
import { gridOf, makeTimeline, type Grid, type Timeline } from './charts/timeline.ts';

/** A judged run with what every chart needs, derived once. */
export interface View {
  readonly evidence: Evidence;
  readonly summary: Summary;
  readonly timeline: Timeline;
  readonly samples: readonly Sample[];
  readonly attempts: readonly AttemptBucket[];
  /** The buckets of `attempts`: a second or more, since finer rates show chance alone. */
  readonly attemptGrid: Grid;
  /** Buckets for what is sampled or counted exactly. */
  readonly sampleGrid: Grid;
}

/** Derives the view of one run. */
export function makeView(evidence: Evidence, summary: Summary): View {
  const timeline = makeTimeline(evidence, summary);
  const attemptGrid = gridOf(timeline, 1_000_000);
  return {
    evidence,
    summary,
    timeline,
    samples: samplesOf(evidence),
    attempts: attemptSeries(evidence, attemptGrid.stepUs),
    attemptGrid,
    sampleGrid: gridOf(timeline, 250_000),
  };
}
