import type { Sample } from '../../../evidence/sessions/samples.ts';
import { linkSessions } from '../../../evidence/sessions/sessions.ts';
import { peakOf, type Step } from '../../../evidence/sessions/steps.ts';
import { grouped } from '../../words.ts';
import type { View } from '../view.ts';
import { greatest, hasAny, stackMax, stackShapes, type Chart, type Layer, type Limit } from './chart.ts';
import { fullestSamples } from './fullest-samples.ts';
import { stepLine, type Values } from './paths.ts';
import { refusalMarks, refusalsPerBucket } from './refusals.ts';
import { sessionParts } from './session-parts.ts';
import { linearScale } from './scale.ts';
import type { Grid } from './timeline.ts';

/** From the bottom of the stack up: what works, what blocks, what waits for work, what only holds a slot. */
const states = [
  { label: 'active', tone: 'active', has: ['active', 'fastpath function call'] },
  { label: 'idle in transaction', tone: 'in-transaction', has: ['idle in transaction'] },
  { label: 'aborted transaction', tone: 'aborted', has: ['idle in transaction (aborted)'] },
  { label: 'idle', tone: 'idle', has: ['idle'] },
  { label: 'starting', tone: 'starting', has: ['starting'] },
] as const;

/** Sessions in Postgres by state, against the claim, the headroom and `max_connections`. */
export function backendsChart(view: View): Chart {
  const { timeline, sampleGrid: grid, summary, evidence } = view;
  const layers = stateLayers(fullestSamples(view.samples, grid));
  const links = linkSessions(evidence.events);
  const exact = exactPerBucket(links, grid);
  const parts = sessionParts(view);
  const scale = linearScale(
    Math.max(summary.budget.max_connections, stackMax(layers, grid), greatest(exact)),
    230,
  );
  const plot = { timeline, grid, scale };
  const refused = refusalsPerBucket(evidence.events, grid);
  return {
    id: 'backends',
    title: 'Sessions in Postgres',
    provenance: 'observed',
    hint: 'Areas: the fullest sample of each bucket, by state. Line: the service’s sessions as its links counted them, exact.',
    scale,
    tick: grouped,
    shapes: [
      ...stackShapes(layers, plot),
      // Cased, so that they are seen on the areas as well as beside them.
      ...parts.flatMap(({ tone, steps }) =>
        ['casing', tone].map((one) => ({ kind: 'line', tone: one, d: stepLine(steps, plot) }) as const),
      ),
      ...(links.length > 0 ? [{ kind: 'line', tone: 'exact', d: stepLine(links, plot) } as const] : []),
    ],
    limits: limitsOf(view, parts.length > 0),
    marks: refusalMarks(evidence.events, timeline),
    grid,
    series: [
      ...layers.map((layer) => ({ ...layer, kind: 'area', unit: 'count', fold: 'max' }) as const),
      ...(links.length > 0
        ? [
            {
              label: 'exact, by link',
              kind: 'line',
              tone: 'exact',
              values: exact,
              unit: 'count',
              fold: 'max',
            } as const,
          ]
        : []),
      ...parts.map(
        ({ label, tone, steps }) =>
          ({
            label,
            kind: 'line',
            tone,
            values: exactPerBucket(steps, grid),
            unit: 'count',
            fold: 'max',
          }) as const,
      ),
      { label: 'refused', kind: 'mark', tone: 'refused', values: refused, unit: 'count', fold: 'max' },
    ],
  };
}

function stateLayers(samples: readonly (Sample | null)[]): readonly Layer[] {
  const known = states.map(({ label, tone, has }) => ({
    label,
    tone,
    values: samples.map((sample) => countOf(sample, (state) => has.some((one) => one === state))),
  }));
  const named: readonly string[] = states.flatMap((state) => [...state.has]);
  const others = samples.map((sample) => countOf(sample, (state) => !named.includes(state)));
  return [...known, { label: 'other', tone: 'other', values: others }].filter(
    (layer) => layer.label === 'active' || layer.label === 'idle' || hasAny(layer.values),
  );
}

function countOf(sample: Sample | null, isIn: (state: string) => boolean): number | null {
  if (sample === null) return null;
  return sample.rows.reduce((sum, row) => sum + (isIn(row.state ?? 'unknown') ? row.count : 0), 0);
}

function exactPerBucket(steps: readonly Step[], grid: Grid): Values {
  if (steps.length === 0) return [];
  return Array.from({ length: grid.count }, (_, index) => {
    const fromUs = grid.fromUs + index * grid.stepUs;
    return peakOf(steps, fromUs, fromUs + grid.stepUs - 1)?.count ?? null;
  });
}

/** Where revisions are shown apart the claim of two fleets is a limit too; where services are, each has its own. */
function limitsOf({ summary: { budget, changes } }: View, inParts: boolean): readonly Limit[] {
  const isShared = budget.services.length > 1;
  const hasRollout = inParts && changes.some(({ kind }) => kind === 'revision');
  const headroom =
    budget.headroom > 0
      ? [
          {
            label: `headroom from ${budget.usable - budget.headroom}`,
            value: budget.usable - budget.headroom,
            tone: 'soft-limit',
          } as const,
        ]
      : [];
  return [
    ...(isShared ? budget.services.map(({ service, claim }) => limit(`${service} ${claim}`, claim)) : []),
    limit(`${isShared ? 'claims' : 'claim'} ${budget.claim}`, budget.claim),
    ...(hasRollout && budget.claim_overlap > budget.claim
      ? [limit(`two fleets ${budget.claim_overlap}`, budget.claim_overlap)]
      : []),
    ...headroom,
    { label: `max_connections ${budget.max_connections}`, value: budget.max_connections, tone: 'wall' },
  ];
}

function limit(label: string, value: number): Limit {
  return { label, value, tone: 'limit' };
}
