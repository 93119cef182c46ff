import { html, jsonBlock, type Markup } from '../template.ts';
import type { View } from '../view.ts';
import { arrivalsChart } from './arrivals.ts';
import { backendsChart } from './backends.ts';
import { changesOf, violationsOf } from './backdrop.ts';
import type { Chart } from './chart.ts';
import { frame } from './frame.ts';
import { instancesChart } from './instances.ts';
import { latencyChart } from './latency.ts';
import { outcomesChart } from './outcomes.ts';
import { punctualityChart } from './punctuality.ts';
import { foot, ruler } from './ruler.ts';

/** All charts of a run, one above the other on one time axis, with the numbers that the crosshair shows. */
export function stack(view: View): Markup {
  const { timeline, summary } = view;
  const behind = {
    timeline,
    violations: violationsOf(summary, timeline),
    changes: changesOf(summary, timeline),
  };
  const charts = [
    arrivalsChart(view),
    backendsChart(view),
    instancesChart(view),
    outcomesChart(view),
    latencyChart(view),
    punctualityChart(view),
  ];
  return html`<div
      class="stack"
      id="timeline"
      tabindex="0"
      aria-label="Charts on one time axis. With the arrow keys a crosshair moves along it."
    >
      ${ruler(behind)} ${charts.map((chart) => frame(chart, behind))} ${foot(timeline)}
    </div>
    <script type="application/json" id="numbers">
      ${jsonBlock(numbersOf(view, charts))}
    </script>`;
}

/** What the crosshair reads: the axis, the phases, and each chart's values on its grid. */
function numbersOf({ timeline }: View, charts: readonly Chart[]): unknown {
  return {
    from: timeline.fromUs,
    to: timeline.toUs,
    phases: timeline.phases.map(({ name, from_us, to_us }) => ({ name, from: from_us, to: to_us })),
    charts: charts.map(({ id, grid, series }) => ({
      id,
      from: grid.fromUs,
      step: grid.stepUs,
      series: series.map(({ unit, values }) => ({ unit, values: values.map(short) })),
    })),
  };
}

/** Four digits are more than a reader sees; the file stays small. */
function short(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
