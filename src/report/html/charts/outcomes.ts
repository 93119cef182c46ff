import type { Outcome } from '../../../evidence/attempt.ts';
import { grouped } from '../../words.ts';
import type { View } from '../view.ts';
import { hasAny, stackMax, stackShapes, type Chart, type Layer } from './chart.ts';
import { linearScale } from './scale.ts';
import { onGrid } from './timeline.ts';

/** From the bottom of the stack up: served, turned away with an answer, let down. Dropped and unfinished never end. */
const order = [
  'ok',
  'shed',
  'pool_timeout',
  'platform',
  'stmt_timeout',
  'db_error',
  'deadline',
  'client_timeout',
  'conn_error',
  'dishonest',
  'client_error',
  'unknown',
] as const satisfies readonly Outcome[];

/** How attempts ended, by the moment they ended. */
export function outcomesChart(view: View): Chart {
  const { attempts, attemptGrid: grid, timeline } = view;
  const perSec = 1e6 / grid.stepUs;
  const layers: readonly Layer[] = order
    .map((outcome) => ({
      label: outcomeWords(outcome),
      tone: outcomeTone(outcome),
      values: onGrid(grid, attempts, (bucket) => (bucket.ended[outcome] ?? 0) * perSec),
    }))
    .filter((layer, index) => index === 0 || hasAny(layer.values));
  const scale = linearScale(stackMax(layers, grid), 120);
  return {
    id: 'outcomes',
    title: 'Outcomes',
    provenance: 'emulated',
    hint: 'How attempts ended, by the moment they ended. A refusal in time is an honest answer, not an error.',
    scale,
    tick: (value) => `${grouped(value)}/s`,
    shapes: stackShapes(layers, { timeline, grid, scale }),
    limits: [],
    marks: [],
    grid,
    series: layers.map((layer) => ({ ...layer, kind: 'area', unit: 'per_sec', fold: 'mean' })),
  };
}

/** An outcome as people say it. */
export function outcomeWords(outcome: string): string {
  return outcome
    .replaceAll('_', ' ')
    .replace('stmt', 'statement')
    .replace('conn ', 'connection ')
    .replace('db ', 'database ');
}

/** The colour class of an outcome, the same on every chart and in every table. */
export function outcomeTone(outcome: string): string {
  return `o-${outcome.replaceAll('_', '-')}`;
}
