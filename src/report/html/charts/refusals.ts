import { linkConnections, logConnections } from '../../../evidence/sessions/connections.ts';
import type { RunEvent } from '../../../evidence/event.ts';
import { grouped, runClock } from '../../words.ts';
import type { Mark } from './chart.ts';
import type { Values } from './paths.ts';
import type { Grid, Timeline } from './timeline.ts';

/** So many marks fit side by side without touching on a wide screen. */
const columns = 90;

interface Refusal {
  readonly tUs: number;
  readonly sqlstate: string | null;
}

/** One mark for each stretch of time in which connections were refused, with their number and SQLSTATEs. */
export function refusalMarks(events: readonly RunEvent[], timeline: Timeline): readonly Mark[] {
  const widthUs = (timeline.toUs - timeline.fromUs) / columns;
  const groups = new Map<number, Refusal[]>();
  for (const refusal of refusalsOf(events)) {
    const column = Math.floor((refusal.tUs - timeline.fromUs) / widthUs);
    groups.set(column, [...(groups.get(column) ?? []), refusal]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const codes = [...new Set(group.map(({ sqlstate }) => sqlstate ?? 'no SQLSTATE'))].join(', ');
    const title = `${grouped(group.length)} refused by Postgres (${codes}) from ${runClock(first.tUs)}`;
    return [{ tUs: first.tUs, value: null, kind: 'refused', title } as const];
  });
}

/** Connections refused in each bucket. */
export function refusalsPerBucket(events: readonly RunEvent[], grid: Grid): Values {
  const counts = Array.from<number>({ length: grid.count }).fill(0);
  for (const { tUs } of refusalsOf(events)) {
    const index = Math.floor((tUs - grid.fromUs) / grid.stepUs);
    if (index >= 0 && index < grid.count) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** As the links saw them; the server log also holds those of other clients, and is taken where no link was. */
function refusalsOf(events: readonly RunEvent[]): readonly Refusal[] {
  const byLink = linkConnections(events);
  const connections = byLink.length > 0 ? byLink : logConnections(events);
  return connections
    .flatMap(({ refusedUs, sqlstate }) => (refusedUs === null ? [] : [{ tUs: refusedUs, sqlstate }]))
    .sort((a, b) => a.tUs - b.tUs);
}
