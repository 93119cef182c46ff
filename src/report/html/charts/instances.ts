import { instancesAlive, readySteps } from '../../../evidence/sessions/instances.ts';
import { peakOf, type Step } from '../../../evidence/sessions/steps.ts';
import { grouped } from '../../words.ts';
import type { View } from '../view.ts';
import { greatest, type Chart, type Series } from './chart.ts';
import { stepArea, type Values } from './paths.ts';
import { linearScale } from './scale.ts';
import type { Grid } from './timeline.ts';

/** Instances that take requests and those that exist besides (starting or stopping), against the cap. */
export function instancesChart(view: View): Chart {
  const { timeline, sampleGrid: grid, summary, evidence } = view;
  const alive = instancesAlive(evidence.events);
  const ready = readySteps(evidence.events);
  const { services } = summary.instances;
  const limit = services.reduce((sum, one) => sum + one.limit, 0);
  const alivePeaks = peaks(alive, grid);
  const scale = linearScale(Math.max(limit, greatest(alivePeaks)), 80);
  const plot = { timeline, scale };
  return {
    id: 'instances',
    title: 'Instances',
    provenance: 'emulated',
    hint: 'All that exist, from their start to their end; the stronger part takes requests.',
    scale,
    tick: grouped,
    shapes: [
      { kind: 'area', tone: 'alive', d: stepArea(alive, plot) },
      { kind: 'area', tone: 'ready', d: stepArea(ready, plot) },
    ],
    limits: [{ label: `max instances ${limit}`, value: limit, tone: 'limit' }],
    marks: [],
    grid,
    series: [row('ready', 'ready', peaks(ready, grid)), row('alive', 'alive', alivePeaks)],
  };
}

function peaks(steps: readonly Step[], grid: Grid): Values {
  return Array.from({ length: grid.count }, (_, index) => {
    const fromUs = grid.fromUs + index * grid.stepUs;
    return peakOf(steps, fromUs, fromUs + grid.stepUs - 1)?.count ?? null;
  });
}

function row(label: string, tone: string, values: Values): Series {
  return { label, kind: 'area', tone, values, unit: 'count', fold: 'max' };
}
