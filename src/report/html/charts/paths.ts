import type { Step } from '../../../evidence/sessions/steps.ts';
import type { Scale } from './scale.ts';
import { plotWidth, type Grid, type Timeline } from './timeline.ts';

/** A row of values, one a bucket of the grid; null where nothing is known. */
export type Values = readonly (number | null)[];

/** Where a path is drawn. */
export interface Plot {
  readonly timeline: Timeline;
  readonly grid: Grid;
  readonly scale: Scale;
}

/** A point of a path: units of the plot's width, pixels of its height. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Neighbouring buckets `from <= index < to` that all have a value. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * A line through the buckets of a grid, level within each. A bucket without a value is a gap: neither a zero
 * nor a line drawn across it.
 */
export function levelLine(values: Values, plot: Plot): string {
  return stretchesOf(values)
    .map((stretch) => pathOf(corners(values, stretch, plot)))
    .join('');
}

/** The area between two rows of values (the lower one zero where null), level within each bucket. */
export function levelArea(lower: Values, upper: Values, plot: Plot): string {
  return stretchesOf(upper.map((value, index) => (value === (lower[index] ?? 0) ? null : value)))
    .map((stretch) => {
      const top = corners(upper, stretch, plot);
      const bottom = corners(lower, stretch, plot).reverse();
      return `${pathOf([...top, ...bottom])}Z`;
    })
    .join('');
}

/** The area under a count that changes at moments; see `stepLine`. */
export function stepArea(steps: readonly Step[], { timeline, scale }: Omit<Plot, 'grid'>): string {
  const line = stepLine(steps, { timeline, scale });
  return line === '' ? '' : `${line}V${scale.heightPx}H0Z`;
}

/** A count that changes at moments, thinned to the extremes of every unit of width, so that no peak is lost. */
export function stepLine(steps: readonly Step[], { timeline, scale }: Omit<Plot, 'grid'>): string {
  if (steps.length === 0) return '';
  let last: Point | null = null;
  let path = '';
  for (const { x, count } of thinned(steps, timeline)) {
    const y = scale.y(count);
    if (last === null) path = `M${x} ${y}`;
    else if (y !== last.y) path += x === last.x ? `V${y}` : `H${x}V${y}`;
    if (last === null || y !== last.y) last = { x, y };
  }
  return `${path}H${plotWidth}`;
}

/** In every unit of width the first, least, greatest and last count. */
export function thinned(
  steps: readonly Step[],
  timeline: Timeline,
): readonly { readonly x: number; readonly count: number }[] {
  const before = steps.findLast((step) => step.tUs < timeline.fromUs)?.count ?? 0;
  const columns = new Map<number, number[]>([[0, [before]]]);
  for (const { tUs, count } of steps) {
    if (tUs < timeline.fromUs || tUs > timeline.toUs) continue;
    const column = Math.floor(timeline.x(tUs));
    const counts = columns.get(column);
    if (counts === undefined) columns.set(column, [count]);
    else counts.push(count);
  }
  return [...columns].flatMap(([x, counts]) => extremes(counts).map((count) => ({ x, count })));
}

function extremes(counts: readonly number[]): readonly number[] {
  if (counts.length <= 4) return counts;
  const least = counts.reduce((a, b) => Math.min(a, b));
  const greatest = counts.reduce((a, b) => Math.max(a, b));
  return [counts[0] ?? 0, least, greatest, counts.at(-1) ?? 0];
}

/** Dots of one size: strokes without length, with round caps. Dots that would cover one another are drawn once. */
export function dots(
  points: readonly { readonly tUs: number; readonly value: number }[],
  { timeline, scale }: Omit<Plot, 'grid'>,
): string {
  const cells = new Set<string>();
  for (const { tUs, value } of points) {
    const x = Math.round(timeline.x(tUs) / 3) * 3;
    const y = Math.round(scale.y(value) / 4) * 4;
    cells.add(`M${x} ${y}h0`);
  }
  return [...cells].join('');
}

function stretchesOf(values: Values): readonly Stretch[] {
  const stretches: { from: number; to: number }[] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const last = stretches.at(-1);
    if (last?.to === index) last.to = index + 1;
    else stretches.push({ from: index, to: index + 1 });
  });
  return stretches;
}

/** Both ends of the level of every bucket. */
function corners(values: Values, { from, to }: Stretch, { timeline, grid, scale }: Plot): Point[] {
  const points: Point[] = [];
  for (let index = from; index < to; index += 1) {
    const y = scale.y(values[index] ?? 0);
    const startUs = grid.fromUs + index * grid.stepUs;
    points.push({ x: timeline.x(startUs), y }, { x: timeline.x(startUs + grid.stepUs), y });
  }
  return points;
}

/** Path data of level and upright pieces; levels that go on are said once. */
function pathOf(points: readonly Point[]): string {
  let path = '';
  let last: Point | null = null;
  for (const [index, point] of points.entries()) {
    const goesOn = points[index + 1]?.y === point.y;
    if (last === null) path = `M${point.x} ${point.y}`;
    else if (point.y !== last.y) path += `V${point.y}`;
    else if (goesOn) continue;
    else if (point.x !== last.x) path += `H${point.x}`;
    last = point;
  }
  return path;
}
