import { EnvironmentError } from '../../base/errors.ts';
import type { DatabaseTarget, Hold, Neighbours } from '../database-target.ts';
import type { FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';
import { ownEnd } from '../own-end.ts';
import { literal } from '../sql.ts';

const name = 'poolproof-hold';

/** A neighbour's idle sessions. Confirmed by `pg_stat_activity`; they end with the run's own process, or soon after their time. */
export const dbHold: FaultAction<'db.hold'> = {
  kind: 'db.hold',
  apply: async ({ kind, connections, leaveFree }, context) => {
    const database = needDatabase(context);
    const hold = { name, ...ownEnd(context.forMs) };
    const held =
      connections === undefined
        ? await leaveExactly(leaveFree ?? 0, context.service, database, hold)
        : [await holdExactly(connections, context.service, database, hold)];
    const count = sum(held);
    return {
      detail: `${kind}: a neighbour has ${count} sessions${leaveFree === undefined ? '' : `, ${leaveFree} slots are left`}`,
      confirm: async () => {
        const [row] = await database.look(sessionsNamed(name));
        return Number(row?.['sessions']) === count ? `${count} sessions of the neighbour are there` : null;
      },
      undo: async () => {
        await Promise.all(held.map((one) => one.close()));
        return `the neighbour has let ${count} sessions go`;
      },
    };
  },
};

/** Opens exactly `count` sessions, or none. */
async function holdExactly(
  count: number,
  service: string,
  database: DatabaseTarget,
  hold: Hold,
): Promise<Neighbours> {
  const held = await database.openNeighbours(service, count, hold);
  if (held.count === count) return held;
  await held.close();
  throw new EnvironmentError([
    { message: `only ${held.count} of ${count} sessions got in: ${held.refused ?? 'no answer'}` },
  ]);
}

/** Other sessions come and go meanwhile, so the free slots are counted again after each step. */
const mostSteps = 10;

async function leaveExactly(
  leaveFree: number,
  service: string,
  database: DatabaseTarget,
  hold: Hold,
): Promise<readonly Neighbours[]> {
  const held: Neighbours[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const [row] = await database.look(freeSlots);
    const surplus = Number(row?.['free']) - leaveFree;
    if (surplus <= 0) break;
    held.push(await database.openNeighbours(service, surplus, hold));
  }
  return held;
}

function sum(held: readonly Neighbours[]): number {
  return held.reduce((total, { count }) => total + count, 0);
}

/** The slots left for ordinary roles. Before PostgreSQL 18 a login under way is not visible, though it has its slot. */
const freeSlots = `select current_setting('max_connections')::int
  - current_setting('superuser_reserved_connections')::int
  - coalesce(current_setting('reserved_connections', true), '0')::int
  - (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as free`;

/** Counts the sessions with an application name. */
export function sessionsNamed(applicationName: string): string {
  return `select count(*) as sessions from pg_stat_activity where application_name = ${literal(applicationName)}`;
}
