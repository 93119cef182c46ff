import { grouped } from '../../words.ts';
import type { View } from '../view.ts';
import { greatest, hasAny, type Chart, type Series } from './chart.ts';
import { levelArea, levelLine, type Values } from './paths.ts';
import { linearScale } from './scale.ts';
import { onGrid } from './timeline.ts';

/**
 * Arrivals that the schedule wanted, that were sent, and that were dropped because too many were in flight; on top of
 * those sent the retries that clients added.
 */
export function arrivalsChart(view: View): Chart {
  const { attempts, attemptGrid: grid, timeline } = view;
  const perSec = 1e6 / grid.stepUs;
  const rate = (count: (bucket: (typeof attempts)[number]) => number): Values =>
    onGrid(grid, attempts, (bucket) => count(bucket) * perSec);
  const planned = rate((bucket) => bucket.planned);
  const sent = rate((bucket) => bucket.sent);
  const retries = rate((bucket) => bucket.retries);
  const all = rate((bucket) => bucket.sent + bucket.retries);
  const dropped = rate((bucket) => bucket.dropped);
  const scale = linearScale(Math.max(greatest(planned), greatest(all)), 96);
  const plot = { timeline, grid, scale };
  const hasDropped = hasAny(dropped);
  const hasRetries = hasAny(retries);
  return {
    id: 'arrivals',
    title: 'Arrivals',
    provenance: 'observed',
    hint: hintOf(view, hasRetries),
    scale,
    tick: (value) => `${grouped(value)}/s`,
    shapes: [
      { kind: 'area', tone: 'planned', d: levelArea([], planned, plot) },
      ...(hasDropped ? [{ kind: 'area', tone: 'dropped', d: levelArea([], dropped, plot) } as const] : []),
      ...(hasRetries ? [{ kind: 'area', tone: 'retries', d: levelArea(sent, all, plot) } as const] : []),
      { kind: 'line', tone: 'sent', d: levelLine(sent, plot) },
    ],
    limits: [],
    marks: [],
    grid,
    series: [
      row('planned', 'area', 'planned', planned),
      row('sent', 'line', 'sent', sent),
      ...(hasRetries ? [row('retries', 'area', 'retries', retries)] : []),
      row('dropped', 'area', 'dropped', dropped),
    ],
  };
}

function hintOf({ summary }: View, hasRetries: boolean): string {
  const closed = closedNames(summary);
  const open = 'Sent follows planned whatever the service does: the model is open.';
  const model =
    closed === ''
      ? open
      : `Sent follows planned but in ${closed}, which is closed: there the service sets its own load.`;
  return hasRetries ? `${model} Retries, by when they were sent, stand on top of the first attempts.` : model;
}

function closedNames({ phases }: View['summary']): string {
  return phases.flatMap(({ name, closed }) => (closed === null ? [] : [name])).join(' and ');
}

function row(label: string, kind: 'area' | 'line', tone: string, values: Values): Series {
  return { label, kind, tone, values, unit: 'per_sec', fold: 'mean' };
}
