/**
 * One look at the server, in one round trip; prepared once, because planning would cost more than running.
 *
 * It reads the counter of logins, then the sessions, then the clock; each step names the one before, so that no
 * plan can change the order. With n sessions, s the counter and `starting` of samples i < j < k,
 *
 *     open at any moment from i to j  <=  n(i) - s(i) + max(s(k), s(j) + starting(j))
 *
 * - The clock is read last: a session that ended while i was being taken is missing in n(i), but had ended by then.
 * - The counter is read first: a login that completed while i was being taken is in n(i) and in the difference,
 *   which makes the bound too high by one; the other order would make it too low.
 * - A login stands in the server's log, then is shown as a session, then is counted, some milliseconds apart. The
 *   ones on this way at j are `starting`, or else about to be counted, and so in s(k).
 *
 * What the query leaves out, both of the counter and of the sessions: the harness's own database, which no service
 * uses. `pg_stat_get_activity` is what `pg_stat_activity` joins to the catalogues; only group keys are named here.
 * Ages are differences on the server's clock, and so need no agreement between clocks.
 */
export const prepareSample = `
prepare poolproof_sample(oid) as
with counter as materialized (
  select coalesce(sum(pg_stat_get_db_sessions(oid)), 0)::bigint as sessions from pg_database where oid <> $1
), activity as materialized (
  select usesysid, application_name, state, wait_event_type, wait_event, count(*) as count,
    min(xact_start) as xact_start,
    min(query_start) filter (where state = 'active') as query_start,
    min(state_change) as state_change
  from pg_stat_get_activity(case when (select sessions from counter) is null then 0 end)
  where backend_type = 'client backend' and datid is distinct from $1
  group by usesysid, application_name, state, wait_event_type, wait_event
), clock as materialized (
  select clock_timestamp() as now where (select count(*) from activity) >= 0
)
select sessions, (date_part('epoch', now) * 1e6)::bigint as server_us,
  pg_get_userbyid(usesysid) as role, application_name, state, wait_event_type, wait_event, count,
  date_part('epoch', now - xact_start) as xact_s,
  date_part('epoch', now - query_start) as query_s,
  date_part('epoch', now - state_change) as state_s
from clock cross join counter left join activity on true`;

/** Finds the argument of the sample: the database of this very session. */
export const findOwnDatabase = 'select oid from pg_database where datname = current_database()';

/** Takes the sample, without the database of this number. */
export function formatSample(ownDatabase: number): string {
  return `execute poolproof_sample(${ownDatabase})`;
}

/** Reads the server's clock, and nothing else. */
export const readClock = 'select (extract(epoch from clock_timestamp()) * 1000000)::bigint';

/** A row of the sample as the driver hands it over: text in the order of the query's columns. */
export type SampleRow = readonly (string | null)[];

/** Sessions that are alike. */
export interface SampleGroup {
  readonly role: string | null;
  readonly applicationName: string | null;
  readonly state: string | null;
  readonly waitType: string | null;
  readonly wait: string | null;
  readonly count: number;
  readonly maxXactMs: number | null;
  readonly maxQueryMs: number | null;
  readonly maxStateMs: number | null;
}

/** What one sample says. */
export interface ServerSample {
  /** Logins ever completed, as counted just before the sessions were read. */
  readonly sessions: number;
  /** The server's clock once the sessions had been read, microseconds since 1970. */
  readonly serverUs: number;
  /** Sessions that have logged in. */
  readonly backends: number;
  /** Processes that hold a slot but have not logged in (PostgreSQL 17 and older hide most of them). */
  readonly starting: number;
  readonly groups: readonly SampleGroup[];
}

/** Reads the rows of a sample. The head stands in every row; with no sessions at all, one row has nothing else. */
export function parseSample(rows: readonly SampleRow[]): ServerSample {
  const head = rows[0] ?? [];
  const groups = rows.filter((row) => row[7] != null).map(parseGroup);
  const count = (isWanted: (group: SampleGroup) => boolean): number =>
    groups.filter(isWanted).reduce((total, group) => total + group.count, 0);
  return {
    sessions: numberAt(head, 0),
    serverUs: numberAt(head, 1),
    backends: count((group) => group.state !== 'starting'),
    starting: count((group) => group.state === 'starting'),
    groups,
  };
}

function parseGroup(row: SampleRow): SampleGroup {
  return {
    role: row[2] ?? null,
    applicationName: row[3] ?? null,
    state: row[4] ?? null,
    waitType: row[5] ?? null,
    wait: row[6] ?? null,
    count: numberAt(row, 7),
    maxXactMs: ageMsAt(row, 8),
    maxQueryMs: ageMsAt(row, 9),
    maxStateMs: ageMsAt(row, 10),
  };
}

function numberAt(row: SampleRow, column: number): number {
  return Number(row[column] ?? Number.NaN);
}

/** Milliseconds of an age in seconds, to the microsecond. */
function ageMsAt(row: SampleRow, column: number): number | null {
  const text = row[column] ?? null;
  return text === null ? null : Math.round(Number(text) * 1e6) / 1000;
}
