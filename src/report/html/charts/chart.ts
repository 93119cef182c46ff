import type { Provenance } from '../../words.ts';
import type { Grid } from './timeline.ts';
import type { Plot, Values } from './paths.ts';
import type { Scale } from './scale.ts';
import { levelArea } from './paths.ts';

/** One chart of the time-aligned stack: what is drawn, against which limits, and the same as numbers. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly provenance: Provenance;
  /** How to read it, in one line. */
  readonly hint: string;
  readonly scale: Scale;
  readonly tick: (value: number) => string;
  readonly shapes: readonly Shape[];
  readonly limits: readonly Limit[];
  readonly marks: readonly Mark[];
  readonly grid: Grid;
  readonly series: readonly Series[];
}

/** A path; its tone is a CSS class that gives it its colour or its hatching. */
export interface Shape {
  readonly kind: 'area' | 'line' | 'dots';
  readonly tone: string;
  readonly d: string;
}

/** A level that must not be crossed. */
export interface Limit {
  readonly label: string;
  readonly value: number;
  readonly tone: 'limit' | 'wall' | 'soft-limit';
}

/** A moment worth seeing at any width. */
export interface Mark {
  readonly tUs: number;
  /** Height on the chart's scale; null at the top. */
  readonly value: number | null;
  readonly kind: 'refused' | 'open';
  readonly title: string;
}

/** One row of numbers: an entry of the legend, of the crosshair and of the table. */
export interface Series {
  readonly label: string;
  readonly kind: 'area' | 'line' | 'dots' | 'mark';
  readonly tone: string;
  readonly values: Values;
  readonly unit: 'count' | 'per_sec' | 'ms';
  /** How several buckets become one: a rate is averaged, of anything else the worst is kept. */
  readonly fold: 'mean' | 'max';
}

/** One band of a stack. */
export interface Layer {
  readonly label: string;
  readonly tone: string;
  readonly values: Values;
}

/** Stacks layers from the bottom up; where one has no value, the stack has a gap. */
export function stackShapes(layers: readonly Layer[], plot: Plot): readonly Shape[] {
  let lower: Values = plot.grid.count === 0 ? [] : Array.from<number>({ length: plot.grid.count }).fill(0);
  return layers.map(({ tone, values }) => {
    const base = lower;
    const upper = values.map((value, index) => (value === null ? null : value + (base[index] ?? 0)));
    lower = upper;
    return { kind: 'area', tone, d: levelArea(base, upper, plot) };
  });
}

/** The greatest sum of the layers in any bucket. */
export function stackMax(layers: readonly Layer[], grid: Grid): number {
  return greatest(
    Array.from({ length: grid.count }, (_, index) =>
      layers.reduce((sum, layer) => sum + (layer.values[index] ?? 0), 0),
    ),
  );
}

/** The greatest known value, zero when none is known. */
export function greatest(values: Values): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}

/** True when there is anything but zeros. */
export function hasAny(values: Values): boolean {
  return values.some((value) => value !== null && value > 0);
}
