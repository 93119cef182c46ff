import { formatMs } from '../../../base/units.ts';
import type { AttemptBucket } from '../../../evidence/series.ts';
import { groupOf } from '../../../evidence/outcome-group.ts';
import { clientsRetry } from '../../../verdict/facts/requests/amplification.ts';
import { findBound } from '../../../verdict/summary/find-entry.ts';
import type { View } from '../view.ts';
import { greatest, hasAny, type Chart, type Limit, type Series, type Shape } from './chart.ts';
import { dots, levelArea, levelLine, type Plot, type Values } from './paths.ts';
import { logScale } from './scale.ts';
import { onGrid, type Grid } from './timeline.ts';
import { unfinishedMarks } from './unfinished.ts';

interface Band {
  readonly p50: Values;
  readonly p99: Values;
  readonly max: Values;
}

/** Response time by what became of the attempt, by its intended start. */
export function latencyChart(view: View): Chart {
  const { attemptGrid: grid, timeline, evidence } = view;
  const ok = bandOf(view.attempts, 'ok', grid);
  const refused = bandOf(view.attempts, 'refused', grid);
  const failed = failures(view);
  const worstMs = Math.max(
    greatest(ok.max),
    greatest(refused.max),
    ...limitsOf(view).map(({ value }) => value),
  );
  const topMs = failed.reduce((most, { value }) => Math.max(most, value), worstMs);
  const scale = logScale(1, topMs, 210);
  const plot = { timeline, grid, scale };
  const failedMax = onGrid(grid, view.attempts, (bucket) => bucket.responseMs.failed?.max ?? null);
  return {
    id: 'latency',
    title: 'Response time, by outcome',
    provenance: 'emulated',
    hint: 'From the intended start, on a logarithmic scale. Bands reach to the slowest; p99 stands where there are 100 or more.',
    scale,
    tick: formatMs,
    shapes: [
      ...bandShapes('ok', ok, plot),
      ...bandShapes('refusal', refused, plot),
      { kind: 'dots', tone: 'failure', d: dots(failed, plot) },
    ],
    limits: limitsOf(view),
    marks: unfinishedMarks(evidence, timeline),
    grid,
    series: [
      ...bandSeries('ok', 'ok', ok),
      ...(hasAny(refused.max) ? bandSeries('refused', 'refusal', refused) : []),
      ...(hasAny(failedMax)
        ? [
            {
              label: 'failed, slowest',
              kind: 'dots',
              tone: 'failure',
              values: failedMax,
              unit: 'ms',
              fold: 'max',
            } as const,
          ]
        : []),
    ],
  };
}

function bandOf(buckets: readonly AttemptBucket[], group: 'ok' | 'refused', grid: Grid): Band {
  const pick = (which: 'p50' | 'p99' | 'max'): Values =>
    onGrid(grid, buckets, (bucket) => bucket.responseMs[group]?.[which] ?? null);
  return { p50: pick('p50'), p99: pick('p99'), max: pick('max') };
}

/** Attempts that were let down, one by one; those that the client gave up stand at their ceiling. */
function failures({ evidence }: View): readonly { readonly tUs: number; readonly value: number }[] {
  return evidence.attempts.flatMap(({ outcome, intendedUs, endedUs }) =>
    endedUs !== null && groupOf(outcome) === 'failed'
      ? [{ tUs: intendedUs, value: (endedUs - intendedUs) / 1000 }]
      : [],
  );
}

function bandShapes(tone: string, band: Band, plot: Plot): readonly Shape[] {
  return [
    { kind: 'area', tone: `${tone}-band`, d: levelArea(band.p50, band.max, plot) },
    { kind: 'line', tone: `${tone}-p99`, d: levelLine(band.p99, plot) },
    { kind: 'line', tone: `${tone}-p50`, d: levelLine(band.p50, plot) },
  ];
}

function bandSeries(label: string, tone: string, band: Band): readonly Series[] {
  const rest = { unit: 'ms', fold: 'max' } as const;
  return [
    { label: `${label} p50`, kind: 'line', tone: `${tone}-p50`, values: band.p50, ...rest },
    ...(hasAny(band.p99)
      ? [{ label: `${label} p99`, kind: 'line', tone: `${tone}-p99`, values: band.p99, ...rest } as const]
      : []),
    { label: `${label} slowest`, kind: 'area', tone: `${tone}-band`, values: band.max, ...rest },
  ];
}

/**
 * The limit on failures comes from the bound that judges them. Clients that retry give an attempt up when the deadline
 * of its request passes, if that is sooner than its timeout.
 */
function limitsOf({ summary, evidence: { run } }: View): readonly Limit[] {
  const fast = findBound(summary, 'B11');
  const { timeout_ms: timeoutMs, deadline_ms: deadlineMs } = run.client;
  const givesUpMs = clientsRetry(run) ? Math.min(timeoutMs, deadlineMs) : timeoutMs;
  return [
    ...(fast?.limit === null || fast === undefined || fast.unit !== 'ms'
      ? []
      : [{ label: `refuse within ${formatMs(fast.limit)}`, value: fast.limit, tone: 'limit' } as const]),
    { label: `client gives up ${formatMs(givesUpMs)}`, value: givesUpMs, tone: 'wall' },
  ];
}
