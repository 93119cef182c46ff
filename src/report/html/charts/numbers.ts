import { formatMs, trim } from '../../../base/units.ts';
import { grouped } from '../../words.ts';
import { greatest, type Chart, type Series } from './chart.ts';
import type { Values } from './paths.ts';

/** A value of a series as a reader sees it. */
export function valueWords(value: number | null, unit: Series['unit']): string {
  if (value === null) return '–';
  if (unit === 'ms') return formatMs(value);
  const text = grouped(Number(trim(value, value < 10 ? 1 : 0)));
  return unit === 'per_sec' ? `${text}/s` : text;
}

/** The greatest value of a series, for the legend. */
export function peakWords(series: Series): string {
  return valueWords(greatest(series.values), series.unit);
}

/** How many rows a table has at most: enough to follow the run, few enough to read. */
const maxRows = 60;

/** The rows of a chart's table: several buckets become one, by the rule of each series. */
export function tableRows(
  chart: Chart,
): readonly { readonly fromUs: number; readonly values: readonly (number | null)[] }[] {
  const { grid } = chart;
  const perRow = rowLength(grid.stepUs, grid.count);
  return Array.from({ length: Math.ceil(grid.count / perRow) }, (_, row) => ({
    fromUs: grid.fromUs + row * perRow * grid.stepUs,
    values: chart.series.map(({ values, fold }) =>
      folded(values.slice(row * perRow, (row + 1) * perRow), fold),
    ),
  }));
}

/** Length of one row of the table, in microseconds. */
export function rowUs({ grid }: Chart): number {
  return rowLength(grid.stepUs, grid.count) * grid.stepUs;
}

function rowLength(stepUs: number, count: number): number {
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].find(
    (one) => (one * 1e6) % stepUs === 0 && (count * stepUs) / (one * 1e6) <= maxRows,
  );
  return seconds === undefined ? Math.max(1, Math.ceil(count / maxRows)) : (seconds * 1e6) / stepUs;
}

function folded(values: Values, fold: Series['fold']): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (fold === 'max') return known.reduce((a, b) => Math.max(a, b));
  return known.reduce((a, b) => a + b, 0) / known.length;
}
