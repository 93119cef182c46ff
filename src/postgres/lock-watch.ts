import type { RunClock } from '../base/clock.ts';
import type { BackendRow } from '../evidence/dataset/backend-row.ts';
import type { LockEvent } from '../evidence/event.ts';
import type { WatchSession } from './watch-session.ts';

const everyUs = 1_000_000;

/** Where the waits are looked up, and who hears of them. */
export interface LockOrders {
  readonly session: WatchSession;
  readonly clock: RunClock;
  readonly onEvent: (event: LockEvent) => void;
}

/** Told of every sample. */
export interface LockWatch {
  sampled(rows: readonly BackendRow[]): void;
}

/**
 * Looks up who waits for whose lock, but only while a sample shows such waits, at most once a second, and for the five
 * that wait longest: the look itself takes every partition of the lock table for a moment.
 */
export function watchLocks({ session, clock, onEvent }: LockOrders): LockWatch {
  let askedUs = -Infinity;
  let isAsking = false;
  const ask = async (waiting: number): Promise<void> => {
    const rows = await session.ask(askBlockers);
    isAsking = false;
    if (rows === null || rows.length === 0) return;
    onEvent({ t_us: clock.nowUs(), kind: 'lock', waiting, waits: rows.map(parseWait) });
  };
  return {
    sampled: (rows) => {
      const waiting = rows.reduce((sum, row) => sum + (row.waitType === 'Lock' ? row.count : 0), 0);
      if (waiting === 0 || isAsking || clock.nowUs() - askedUs < everyUs) return;
      askedUs = clock.nowUs();
      isAsking = true;
      void ask(waiting);
    },
  };
}

/** The roots are followed for five steps at most: a longer chain has its waiters in this list, too. */
const askBlockers = `
with recursive waiting as materialized (
  select pid, usename, application_name, wait_event, query_start
  from pg_stat_activity where wait_event_type = 'Lock' order by query_start limit 5
), chain(pid, blocker, depth) as (
  select pid, unnest(pg_blocking_pids(pid)), 1 from waiting
  union
  select chain.pid, unnest(pg_blocking_pids(chain.blocker)), depth + 1 from chain where depth < 5
), root as (
  select distinct on (pid) pid, blocker from chain order by pid, depth desc
)
select w.pid, w.usename, w.application_name, w.wait_event,
  date_part('epoch', clock_timestamp() - w.query_start) * 1000,
  b.pid, b.usename, b.application_name, b.state,
  date_part('epoch', clock_timestamp() - b.xact_start) * 1000
from waiting w join root r using (pid) left join pg_stat_activity b on b.pid = r.blocker`;

function parseWait(row: readonly (string | null)[]): LockEvent['waits'][number] {
  return {
    pid: Number(row[0]),
    role: row[1] ?? null,
    application_name: row[2] ?? null,
    wait: row[3] ?? null,
    waited_ms: millisecondsOf(row[4]),
    blocker_pid: row[5] === null || row[5] === undefined ? null : Number(row[5]),
    blocker_role: row[6] ?? null,
    blocker_application_name: row[7] ?? null,
    blocker_state: row[8] ?? null,
    blocker_xact_ms: millisecondsOf(row[9]),
  };
}

function millisecondsOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Math.round(Number(text) * 1000) / 1000;
}
