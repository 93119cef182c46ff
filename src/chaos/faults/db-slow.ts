import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '../../base/errors.ts';
import type { DatabaseTarget, Holder } from '../database-target.ts';
import type { Applied, FaultAction } from '../fault-action.ts';
import { needDatabase } from '../need-database.ts';
import { sessionsNamed } from './db-hold.ts';
import { tableName } from '../sql.ts';

const name = 'poolproof-slow';

/** Makes the service's statements slow, in one of two ways. Neither leaves anything behind. */
export const dbSlow: FaultAction<'db.slow'> = {
  kind: 'db.slow',
  apply: ({ table, delayMs, backends }, context) => {
    const database = needDatabase(context);
    return table === undefined
      ? compute(backends ?? 1, context.service, database)
      : lockAgainAndAgain(table, delayMs ?? 0, context.service, database);
  },
};

/** They are never silent for long: a frozen client is. */
const silentMs = 3_000;

/** Takes some tenths of a second: a session whose client was killed ends only with its statement. */
const work = 'select count(*) from generate_series(1, 2000000)';

/**
 * Sessions of a neighbour that compute without a pause and take CPU time from all other statements, and from the load
 * generator if it is on the same machine. Confirmed by active sessions in `pg_stat_activity`.
 */
async function compute(count: number, service: string, database: DatabaseTarget): Promise<Applied> {
  const busy = await database.openNeighbours(service, count, { name, idleMs: silentMs, isRenewed: false });
  if (busy.count < count) {
    await busy.close();
    throw new EnvironmentError([{ message: `only ${busy.count} of ${count} sessions got in` }]);
  }
  busy.repeat(work);
  return {
    detail: `db.slow: ${count} sessions of a neighbour compute`,
    confirm: async () => {
      const [row] = await database.look(`${sessionsNamed(name)} and state = 'active'`);
      return Number(row?.['sessions']) === count ? `${count} sessions are active` : null;
    },
    undo: async () => {
      await database.ask(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${name}'`,
      );
      await busy.close();
      return `${count} sessions compute no more`;
    },
  };
}

/**
 * Takes an ACCESS EXCLUSIVE lock for the delay, lets everyone who waited pass, and takes it again: a statement on the
 * table waits for the rest of the delay. CPU time is not affected.
 */
async function lockAgainAndAgain(
  table: string,
  delayMs: number,
  service: string,
  database: DatabaseTarget,
): Promise<Applied> {
  const holder = await database.takeHolder(service, delayMs + silentMs);
  const lock = `lock table ${tableName(table)} in access exclusive mode`;
  // Fails now if there is no such table.
  await holder.ask(`begin; ${lock}; commit`).catch(async (error: unknown) => {
    await holder.close();
    throw error;
  });
  const stop = new AbortController();
  let rounds = 0;
  const done = (async () => {
    while (!stop.signal.aborted) {
      await oneRound(holder, lock, delayMs);
      rounds += 1;
    }
  })().catch(() => undefined);
  return {
    detail: `db.slow: ${table} is locked for ${delayMs} ms, again and again`,
    confirm: async () => {
      const [row] = await database.look(
        `select count(*) as waiting from pg_stat_activity
        where wait_event_type = 'Lock' and ${holder.pid} = any(pg_blocking_pids(pid))`,
      );
      const waiting = Number(row?.['waiting'] ?? 0);
      return waiting === 0 ? null : `${waiting} statements wait for it`;
    },
    undo: async () => {
      stop.abort();
      await Promise.race([done, delay(2 * delayMs + 1000)]);
      await holder.close();
      return `${table} is locked no more, after ${rounds} times`;
    },
  };
}

/** While it waits for the lock, everyone behind it waits too, so its wait is limited to the delay as well. */
async function oneRound(holder: Holder, lock: string, delayMs: number): Promise<void> {
  const limitMs = Math.max(1, Math.round(delayMs));
  const got = await holder.ask(`begin; set local lock_timeout = ${limitMs}; ${lock}`).then(
    () => true,
    () => false,
  );
  if (got) await delay(delayMs);
  await holder.ask('rollback');
}
