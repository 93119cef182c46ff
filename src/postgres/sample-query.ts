import type { SessionPlace } from '../contract/session-owner.ts';

/** What a server can tell a sampler, found out by asking it. */
export interface SampleFeatures {
  /** The number of the sampler's own database. */
  readonly ownDatabase: number;
  /**
   * Logins are counted, and the count is read as it stands now. PostgreSQL 13 does not count them, and 14 shows a
   * count that may be half a second old, which bounds nothing.
   */
  readonly countsLogins: boolean;
  /** Sessions that are still authenticating are shown (PostgreSQL 18). */
  readonly showsStarting: boolean;
  /** The role sees states, waits and ages of others' sessions; without, only that they are there, and whose. */
  readonly seesAll: boolean;
  /** The process of this very session. */
  readonly pid: number;
}

/** Asks for the features, in the order of `parseFeatures`. */
export const findFeatures = `
select d.oid,
  exists (select from pg_settings where name = 'stats_fetch_consistency'),
  current_setting('server_version_num')::int >= 180000,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage'), pg_backend_pid()
from pg_database d where d.datname = current_database()`;

/** Reads the answer to `findFeatures`. */
export function parseFeatures([ownDatabase, counts, starting, sees, pid]: SampleRow): SampleFeatures {
  const seesAll = sees === 't';
  return {
    ownDatabase: Number(ownDatabase),
    countsLogins: counts === 't' && seesAll,
    showsStarting: starting === 't' && seesAll,
    seesAll,
    pid: Number(pid),
  };
}

/**
 * Each read of the counter is to be of its own moment; otherwise the second would repeat the first. Groups are hashed:
 * sorting them compares text, by whatever rules the server's language has. And what takes no longer than a thousandth
 * of a second is never worth compiling.
 */
export function settingsOf({ countsLogins }: SampleFeatures): readonly string[] {
  const fresh = countsLogins ? ['set stats_fetch_consistency = none'] : [];
  return [...fresh, 'set enable_sort = off', 'set jit = off'];
}

/** How else sessions are told apart where a contract asks for it: in the query's order. */
const places: Readonly<Record<SessionPlace, { readonly column: string; readonly shown: string }>> = {
  database: { column: 'datid', shown: '(select datname from pg_database where oid = datid)' },
  clientAddress: { column: 'client_addr', shown: 'host(client_addr)' },
};

/**
 * One look at the server, in one round trip; prepared once, because planning would cost more than running, and without
 * parameters, which would be planned for several times.
 *
 * It reads the counter of logins, then the sessions, then the counter again, then the clock; each step names the one
 * before, so that no plan can change the order. What was counted by then lies between the two readings, however long
 * the server lets the query wait in its middle. `evidence/upper-bounds.ts` says what follows from it. Both readings are
 * of the same databases: a query sees those of one moment only, so they are looked up once.
 *
 * What the query leaves out, both of the counter and of the sessions: the harness's own database, which no service
 * uses. `pg_stat_get_activity` is what `pg_stat_activity` joins to the catalogues; only group keys are named here.
 * Ages are differences on the server's clock, and so need no agreement between clocks. Process numbers tell which
 * sessions are new since the sample before; only how many of them is kept.
 */
export function prepareSample(
  { countsLogins, seesAll, ownDatabase }: SampleFeatures,
  asked: readonly SessionPlace[] = [],
): string {
  const counter = countsLogins ? 'coalesce(sum(pg_stat_get_db_sessions(oid)), 0)::bigint' : 'null::bigint';
  // Without the right to see more, a session is what has a role and a database.
  const isSession = seesAll
    ? `backend_type = 'client backend'`
    : 'usesysid is not null and datid is not null';
  const keys = [
    'usesysid, application_name, state, wait_event_type, wait_event',
    ...asked.map((place) => places[place].column),
  ].join(', ');
  return `
prepare poolproof_sample as
with counter as materialized (
  select clock_timestamp() as began, ${counter} as sessions, array_agg(oid) as databases
  from pg_database where oid <> ${ownDatabase}
), activity as materialized (
  select ${keys}, count(*) as count,
    min(xact_start) as xact_start,
    min(query_start) filter (where state = 'active') as query_start,
    min(state_change) as state_change,
    array_agg(pid) filter (where state is distinct from 'starting') as pids
  from pg_stat_get_activity(case when (select began from counter) is null then 0 end)
  where ${isSession} and datid is distinct from ${ownDatabase}
  group by ${keys}
), again as materialized (
  select ${counter} as sessions, count(*) as databases, clock_timestamp() as now
  from unnest((select databases from counter)) as oid where (select count(*) from activity) >= 0
)
select counter.sessions, (date_part('epoch', now) * 1e6)::bigint as server_us, again.sessions,
  pg_get_userbyid(usesysid) as role, application_name, state, wait_event_type, wait_event, count,
  date_part('epoch', now - xact_start) as xact_s,
  date_part('epoch', now - query_start) as query_s,
  date_part('epoch', now - state_change) as state_s,
  pids, (date_part('epoch', now - began) * 1e6)::bigint as took_us
  ${asked.map((place) => `, ${places[place].shown}`).join('')}
from counter cross join again left join activity on true`;
}

/** Takes the sample. */
export const takeSample = 'execute poolproof_sample';

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
  /** Where they are and come from; only what was asked for. */
  readonly place: Readonly<Partial<Record<SessionPlace, string | null>>>;
}

/** What one sample says. */
export interface ServerSample {
  /** Logins ever completed, as counted just before the sessions were read; null where they are not counted. */
  readonly sessions: number | null;
  /** The same just after. */
  readonly sessionsAfter: number | null;
  /** The server's clock once the sessions had been read, microseconds since 1970. */
  readonly serverUs: number;
  /** How long the server was at it. */
  readonly tookUs: number;
  /** Sessions that have logged in. */
  readonly backends: number;
  /** Processes that hold a slot but have not logged in; null where they are not shown. */
  readonly starting: number | null;
  /** The process numbers of the sessions that have logged in. */
  readonly pids: readonly string[];
  readonly groups: readonly SampleGroup[];
}

/** Reads the rows of a sample. The head stands in every row; with no sessions at all, one row has nothing else. */
export function parseSample(
  rows: readonly SampleRow[],
  { showsStarting }: SampleFeatures,
  asked: readonly SessionPlace[] = [],
): ServerSample {
  const head = rows[0] ?? [];
  const shown = rows.filter((row) => row[8] != null);
  const groups = shown.map((row) => parseGroup(row, asked));
  const count = (isWanted: (group: SampleGroup) => boolean): number =>
    groups.filter(isWanted).reduce((total, group) => total + group.count, 0);
  return {
    sessions: countAt(head, 0),
    serverUs: numberAt(head, 1),
    sessionsAfter: countAt(head, 2),
    tookUs: numberAt(head, 13),
    backends: count((group) => group.state !== 'starting'),
    starting: showsStarting ? count((group) => group.state === 'starting') : null,
    pids: shown.flatMap((row) => parsePids(row[12] ?? null)),
    groups,
  };
}

function parseGroup(row: SampleRow, asked: readonly SessionPlace[]): SampleGroup {
  return {
    role: row[3] ?? null,
    applicationName: row[4] ?? null,
    state: row[5] ?? null,
    waitType: row[6] ?? null,
    wait: row[7] ?? null,
    count: numberAt(row, 8),
    maxXactMs: ageMsAt(row, 9),
    maxQueryMs: ageMsAt(row, 10),
    maxStateMs: ageMsAt(row, 11),
    place: Object.fromEntries(asked.map((place, index) => [place, row[firstPlace + index] ?? null])),
  };
}

/** The column behind all that is always asked for. */
const firstPlace = 14;

function numberAt(row: SampleRow, column: number): number {
  return Number(row[column] ?? Number.NaN);
}

function countAt(row: SampleRow, column: number): number | null {
  const text = row[column] ?? null;
  return text === null ? null : Number(text);
}

/** Milliseconds of an age in seconds, to the microsecond. */
function ageMsAt(row: SampleRow, column: number): number | null {
  const text = row[column] ?? null;
  return text === null ? null : Math.round(Number(text) * 1e6) / 1000;
}

/** An array of integers as the server writes it: `{1,2,3}`. They stay text: only which are the same matters. */
function parsePids(text: string | null): readonly string[] {
  return text === null ? [] : text.slice(1, -1).split(',');
}
