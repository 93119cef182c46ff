import type { Evidence } from '../../../evidence/evidence.ts';
import type { Summary } from '../../../verdict/summary/summary.ts';

/** The width of a plot in its own units. Paths are stretched to the real width; a unit is about a pixel. */
export const plotWidth = 1000;

/** The x axis that all charts share, in run time. */
export interface Timeline {
  readonly fromUs: number;
  readonly toUs: number;
  readonly phases: Summary['phases'];
  /** In units of `plotWidth`. */
  x(tUs: number): number;
  /** As a share of the width, for what is placed outside the stretched paths: "12.34%". */
  percent(tUs: number): string;
}

/** Equal buckets over a timeline: index 0 holds `fromUs`. */
export interface Grid {
  readonly fromUs: number;
  readonly stepUs: number;
  readonly count: number;
}

/** From just before load to the last answer. A run that never sent anything is shown as far as it got. */
export function makeTimeline(evidence: Evidence, summary: Summary): Timeline {
  const loadUs = summary.phases[0]?.from_us ?? evidence.run.load_start_us ?? 0;
  const lastUs = Math.max(
    summary.phases.at(-1)?.to_us ?? 0,
    lastAnswerUs(evidence),
    evidence.run.load_start_us === null ? (evidence.events.at(-1)?.t_us ?? 0) : 0,
  );
  const spanUs = Math.max(lastUs - loadUs, 1_000_000);
  const fromUs = Math.max(0, loadUs - 0.015 * spanUs);
  const toUs = loadUs + 1.01 * spanUs;
  const share = (tUs: number): number => Math.min(Math.max((tUs - fromUs) / (toUs - fromUs), 0), 1);
  return {
    fromUs,
    toUs,
    phases: summary.phases,
    x: (tUs) => Math.round(share(tUs) * plotWidth * 10) / 10,
    percent: (tUs) => `${Math.round(share(tUs) * 10_000) / 100}%`,
  };
}

function lastAnswerUs(evidence: Evidence): number {
  return evidence.attempts.reduce((last, { endedUs, sentUs }) => Math.max(last, endedUs ?? sentUs), 0);
}

const stepsUs = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600, 3600].map((seconds) => seconds * 1e6);

/** The finest round grid that is no finer than asked and has at most 600 buckets. */
export function gridOf(timeline: Timeline, finestUs: number): Grid {
  const spanUs = timeline.toUs - timeline.fromUs;
  const stepUs = stepsUs.find((step) => step >= finestUs && spanUs / step <= 600) ?? Math.ceil(spanUs / 600);
  const first = Math.floor(timeline.fromUs / stepUs);
  return { fromUs: first * stepUs, stepUs, count: Math.ceil(timeline.toUs / stepUs) - first };
}

/** Spreads values known for some buckets over the whole grid; null where nothing is known. */
export function onGrid<B extends { readonly fromUs: number }, V>(
  grid: Grid,
  buckets: readonly B[],
  value: (bucket: B) => V | null,
): readonly (V | null)[] {
  const values = Array.from<V | null>({ length: grid.count }).fill(null);
  for (const bucket of buckets) {
    const index = Math.round((bucket.fromUs - grid.fromUs) / grid.stepUs);
    if (index >= 0 && index < grid.count) values[index] = value(bucket);
  }
  return values;
}

/** Round times for the axis, about eight of them, in microseconds of run time. */
export function timeTicks(timeline: Timeline): readonly number[] {
  const spanS = (timeline.toUs - timeline.fromUs) / 1e6;
  const stepS =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find((step) => spanS / step <= 10) ?? 7200;
  const first = Math.ceil(timeline.fromUs / 1e6 / stepS);
  const last = Math.floor(timeline.toUs / 1e6 / stepS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * stepS * 1e6);
}
