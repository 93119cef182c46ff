import type { RunFacts } from '../../facts/run-facts.ts';
import { round } from '../../../base/floats.ts';
import type { Incident } from './incident-shape.ts';

/** A sample further away than this says nothing about the moment. */
const nearUs = 1_000_000;

/** Who held the sessions at a moment, by service, state and age: the largest group first. */
export function holdersAt({ samples }: RunFacts, tUs: number): Incident['holders'] {
  const near = samples
    .filter((sample) => sample.ok && Math.abs(sample.tUs - tUs) <= nearUs)
    .sort((a, b) => Math.abs(a.tUs - tUs) - Math.abs(b.tUs - tUs))[0];
  if (near === undefined) return null;
  const groups = new Map<string, Group>();
  for (const { service, role, applicationName, state, count, maxStateMs } of near.rows) {
    const who = [service, role, applicationName].find((name) => name !== null && name !== '') ?? 'nobody yet';
    const key = `${who}\n${state ?? 'unknown'}`;
    const known = groups.get(key);
    groups.set(key, {
      who,
      state: state ?? 'unknown',
      count: count + (known?.count ?? 0),
      oldest_ms: older(known?.oldest_ms ?? null, maxStateMs),
    });
  }
  const rows = [...groups.values()].sort((a, b) => b.count - a.count);
  return { t_us: near.tUs, total: rows.reduce((sum, { count }) => sum + count, 0), rows };
}

type Group = NonNullable<Incident['holders']>['rows'][number];

function older(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? (b === null ? null : round(b));
  return round(Math.max(a, b));
}
