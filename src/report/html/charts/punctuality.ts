import { formatMs } from '../../../base/units.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import { makeBuckets } from '../../../evidence/buckets.ts';
import type { Sample } from '../../../evidence/sessions/samples.ts';
import { findGuard } from '../../../verdict/summary/find-entry.ts';
import type { View } from '../view.ts';
import { greatest, type Chart, type Limit } from './chart.ts';
import { levelArea, levelLine, type Values } from './paths.ts';
import { linearScale } from './scale.ts';
import { onGrid, type Timeline } from './timeline.ts';

/** Whether the run itself can be believed: how late the generator sent, and where the sampler saw nothing. */
export function punctualityChart(view: View): Chart {
  const { attemptGrid: grid, timeline } = view;
  const lag = worstLag(view, ({ attempt }) => attempt === 1);
  const retryLag = worstLag(view, ({ attempt }) => attempt > 1);
  const hasRetries = view.summary.schedule.retries > 0;
  const limits = limitsOf(view);
  const scale = linearScale(
    Math.max(greatest(lag), greatest(retryLag), ...limits.map(({ value }) => value), 4),
    48,
  );
  const gaps = samplerGaps(view.samples, view.evidence.run.sampling.every_ms * 1000);
  const blind = onGrid(grid, blindness(gaps, grid.stepUs), ({ blindMs }) => blindMs);
  return {
    id: 'punctuality',
    title: 'Generator and sampler',
    provenance: 'observed',
    hint: 'Whether the run can be believed: how late the generator sent at worst, and hatched where no sample of Postgres came for three periods.',
    scale,
    tick: formatMs,
    shapes: [
      { kind: 'area', tone: 'gap', d: gapPath(gaps, timeline, scale.heightPx) },
      { kind: 'area', tone: 'lag', d: levelArea([], lag, { timeline, grid, scale }) },
      ...(hasRetries
        ? [{ kind: 'line', tone: 'retry-lag', d: levelLine(retryLag, { timeline, grid, scale }) } as const]
        : []),
    ],
    limits,
    marks: [],
    grid,
    series: [
      { label: 'generator lag, worst', kind: 'area', tone: 'lag', values: lag, unit: 'ms', fold: 'max' },
      ...(hasRetries
        ? [
            {
              label: 'lag of retries, worst',
              kind: 'line',
              tone: 'retry-lag',
              values: retryLag,
              unit: 'ms',
              fold: 'max',
            } as const,
          ]
        : []),
      { label: 'sampler blind', kind: 'area', tone: 'gap', values: blind, unit: 'ms', fold: 'max' },
    ],
  };
}

function worstLag({ evidence, attemptGrid: grid }: View, counts: (attempt: Attempt) => boolean): Values {
  const buckets = makeBuckets(grid.stepUs, (fromUs) => ({ fromUs, lagMs: 0 }));
  for (const attempt of evidence.attempts) {
    const { outcome, intendedUs, sentUs } = attempt;
    if (outcome === 'dropped' || !counts(attempt)) continue;
    const bucket = buckets.at(intendedUs);
    bucket.lagMs = Math.max(bucket.lagMs, (sentUs - intendedUs) / 1000);
  }
  return onGrid(grid, buckets.all(), ({ lagMs }) => lagMs);
}

interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Stretches between two valid samples that are longer than three periods. */
export function samplerGaps(samples: readonly Sample[], everyUs: number): readonly Gap[] {
  const valid = samples.filter((sample) => sample.ok);
  return valid.flatMap((sample, index) => {
    const before = valid[index - 1];
    return before !== undefined && sample.tUs - before.tUs > 3 * everyUs
      ? [{ fromUs: before.tUs, toUs: sample.tUs }]
      : [];
  });
}

function blindness(
  gaps: readonly Gap[],
  stepUs: number,
): readonly { readonly fromUs: number; readonly blindMs: number }[] {
  const buckets = makeBuckets(stepUs, (fromUs) => ({ fromUs, blindMs: 0 }));
  for (const { fromUs, toUs } of gaps)
    for (let tUs = fromUs; tUs < toUs; tUs = (Math.floor(tUs / stepUs) + 1) * stepUs) {
      const endUs = Math.min(toUs, (Math.floor(tUs / stepUs) + 1) * stepUs);
      buckets.at(tUs).blindMs += (endUs - tUs) / 1000;
    }
  return buckets.all();
}

function gapPath(gaps: readonly Gap[], timeline: Timeline, heightPx: number): string {
  return gaps
    .map(
      ({ fromUs, toUs }) => `M${timeline.x(fromUs)} 0H${timeline.x(toUs)}V${heightPx}H${timeline.x(fromUs)}Z`,
    )
    .join('');
}

/** The guard on the generator gives the limit. */
function limitsOf({ summary }: View): readonly Limit[] {
  const guard = findGuard(summary, 'V01');
  if (guard?.limit === null || guard === undefined || guard.unit !== 'ms') return [];
  return [{ label: `lag limit ${formatMs(guard.limit)}`, value: guard.limit, tone: 'soft-limit' }];
}
