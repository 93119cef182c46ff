import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/evidence/sessions/steps.ts';
import { backendsChart } from '../../src/report/html/charts/backends.ts';
import { fullestSamples } from '../../src/report/html/charts/fullest-samples.ts';
import { latencyChart } from '../../src/report/html/charts/latency.ts';
import { outcomesChart } from '../../src/report/html/charts/outcomes.ts';
import { thinned, levelLine, levelArea } from '../../src/report/html/charts/paths.ts';
import { samplerGaps } from '../../src/report/html/charts/punctuality.ts';
import { linearScale, logScale } from '../../src/report/html/charts/scale.ts';
import { tableRows } from '../../src/report/html/charts/numbers.ts';
import { gridOf, makeTimeline, timeTicks } from '../../src/report/html/charts/timeline.ts';
import { makeView } from '../../src/report/html/view.ts';
import { brokenRun, longRun, safeRun } from './support/runs.ts';

const safe = makeView(safeRun().evidence, safeRun().summary);
const broken = makeView(brokenRun().evidence, brokenRun().summary);

describe('timeline', () => {
  it('covers every phase and keeps buckets few, however long the run', () => {
    const { evidence, summary } = longRun();
    const timeline = makeTimeline(evidence, summary);
    expect(timeline.x(summary.phases[0]?.from_us ?? 0)).toBeGreaterThan(0);
    expect(timeline.x(summary.phases.at(-1)?.to_us ?? 0)).toBeLessThan(1000);
    for (const view of [safe, broken, makeView(evidence, summary)]) {
      const grid = gridOf(view.timeline, 250_000);
      expect(grid.count).toBeLessThanOrEqual(602);
      expect(grid.fromUs).toBeLessThanOrEqual(view.timeline.fromUs);
      expect(grid.fromUs + grid.count * grid.stepUs).toBeGreaterThanOrEqual(view.timeline.toUs);
      expect(timeTicks(view.timeline).length).toBeLessThanOrEqual(11);
    }
  });

  it('shows a run that never sent anything as far as it got', () => {
    const { evidence, summary } = safeRun();
    const cut = { ...evidence, attempts: [], run: { ...evidence.run, load_start_us: null } };
    const timeline = makeTimeline(cut, { ...summary, phases: [] });
    expect(timeline.toUs).toBeGreaterThan(timeline.fromUs);
  });
});

describe('scales', () => {
  it('hold every value between bottom and top, higher values higher', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: 40, max: 300 }),
        (max, height) => {
          for (const scale of [linearScale(max, height), logScale(1, max, height)]) {
            expect(scale.y(max)).toBeGreaterThanOrEqual(0);
            expect(scale.y(0)).toBeLessThanOrEqual(height);
            expect(scale.y(max / 2)).toBeGreaterThanOrEqual(scale.y(max));
            expect(scale.ticks.length).toBeLessThanOrEqual(12);
            expect(Math.max(...scale.ticks)).toBeLessThanOrEqual(scale.max);
          }
        },
      ),
    );
  });
});

describe('paths', () => {
  const grid = { fromUs: safe.timeline.fromUs, stepUs: 1_000_000, count: 4 };
  const plot = { timeline: safe.timeline, grid, scale: linearScale(10, 100) };

  it('leave a gap where nothing is known, instead of drawing a zero', () => {
    expect(levelLine([1, null, 1, 1], plot).match(/M/g)).toHaveLength(2);
    expect(levelLine([null, null], plot)).toBe('');
    expect(levelArea([], [1, null, 0, 1], plot).match(/Z/g)).toHaveLength(2);
  });

  it('keep a spike that is over within a thousandth of the width', () => {
    const atUs = Math.ceil(safe.timeline.fromUs) + 1_000_000;
    const deltas = [1, 1, 1, 40, -40, 1, -3, 1, 1];
    const steps = stepsOf(deltas.map((delta, index) => ({ tUs: atUs + index, delta })));
    expect(Math.max(...thinned(steps, safe.timeline).map(({ count }) => count))).toBe(43);
  });

  it('never lose the highest or the lowest count of a stretch', () => {
    const { fromUs, toUs } = safe.timeline;
    const change = fc.record({
      // Many at almost one moment, some anywhere: both crowded and empty units of width.
      tUs: fc.oneof(
        fc.integer({ min: Math.ceil(fromUs) + 1_000_000, max: Math.ceil(fromUs) + 1_200_000 }),
        fc.integer({ min: Math.ceil(fromUs), max: Math.floor(toUs) }),
      ),
      delta: fc.integer({ min: -5, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3000 }), (changes) => {
        const steps = stepsOf(changes);
        const counts = [0, ...steps.map((step) => step.count)];
        const drawn = thinned(steps, safe.timeline).map((point) => point.count);
        expect(Math.max(...drawn)).toBe(Math.max(...counts));
        expect(Math.min(...drawn)).toBe(Math.min(...counts));
        expect(drawn.length).toBeLessThanOrEqual(4 * 1001);
      }),
      { numRuns: 30 },
    );
  });
});

describe('charts', () => {
  it('stack only sessions that really met: no bucket shows more than its fullest sample', () => {
    const chart = backendsChart(safe);
    const states = chart.series.filter(({ kind }) => kind === 'area');
    const peak = Math.max(...safe.samples.map(({ rows }) => rows.reduce((sum, row) => sum + row.count, 0)));
    const sums = (states[0]?.values ?? []).map((_, index) =>
      states.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
    );
    expect(Math.max(...sums)).toBe(peak);
  });

  it('show the fullest sample of a bucket, not the last and not one that failed', () => {
    const grid = { fromUs: 0, stepUs: 1000, count: 2 };
    const [model, row] = [safe.samples[0], safe.evidence.backends[0]];
    if (model === undefined || row === undefined) throw new Error('nothing was sampled');
    const at = (tUs: number, count: number, ok = true) => ({
      ...model,
      tUs,
      ok,
      rows: [{ ...row, tUs, count }],
    });
    const shown = fullestSamples([at(1, 3), at(2, 7), at(3, 1), at(4, 9, false), at(5000, 2)], grid);
    expect(shown.map((sample) => sample?.tUs ?? null)).toEqual([2, null]);
  });

  it('draw the limits of the budget, and mark every refusal', () => {
    const chart = backendsChart(broken);
    expect(chart.limits.map(({ value }) => value)).toEqual([300, 67, 100]);
    const refused = chart.series.find(({ label }) => label === 'refused')?.values ?? [];
    expect(refused.reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBe(
      broken.summary.backends.refused,
    );
    expect(chart.marks.length).toBeGreaterThan(5);
    expect(chart.marks[0]?.title).toContain('53300');
    expect(backendsChart(safe).marks).toEqual([]);
  });

  it('count every attempt that ended, once, as what it was', () => {
    const chart = outcomesChart(broken);
    const perBucket = broken.attemptGrid.stepUs / 1e6;
    const total = chart.series
      .flatMap(({ values }) => [...values])
      .reduce<number>((sum, value) => sum + (value ?? 0) * perBucket, 0);
    expect(Math.round(total)).toBe(broken.evidence.attempts.filter(({ endedUs }) => endedUs !== null).length);
    expect(chart.series.map(({ label }) => label)).toEqual([
      'ok',
      'platform',
      'database error',
      'client timeout',
    ]);
  });

  it('keep refusals apart from what was served, timeouts at their ceiling and unfinished ones open', () => {
    const chart = latencyChart(broken);
    const labels = chart.series.map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining(['ok p50', 'ok slowest', 'refused p50', 'failed, slowest']),
    );
    expect(chart.limits.map(({ label }) => label)).toEqual(['refuse within 1.1 s', 'client gives up 5 s']);
    expect(chart.marks.every(({ kind }) => kind === 'open')).toBe(true);
    expect(chart.marks.length).toBeGreaterThan(0);
    expect(latencyChart(safe).marks).toEqual([]);
  });

  it('show where the sampler saw nothing', () => {
    const { samples } = safe;
    expect(samplerGaps(samples, 50_000)).toEqual([]);
    const [last, next] = [samples[99], samples[150]];
    const holed = samples.map((sample, index) =>
      index >= 100 && index < 150 ? { ...sample, ok: false } : sample,
    );
    expect(samplerGaps(holed, 50_000)).toEqual([{ fromUs: last?.tUs, toUs: next?.tUs }]);
  });

  it('give the same numbers as a table of at most 60 rows, peaks kept', () => {
    for (const view of [safe, broken, makeView(longRun().evidence, longRun().summary)]) {
      const chart = backendsChart(view);
      const rows = tableRows(chart);
      expect(rows.length).toBeLessThanOrEqual(60);
      chart.series.forEach(({ values }, column) => {
        const inTable = Math.max(...rows.map((row) => row.values[column] ?? 0));
        expect(inTable).toBe(Math.max(...values.map((value) => value ?? 0)));
      });
    }
  });
});
