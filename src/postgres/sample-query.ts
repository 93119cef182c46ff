import type { SessionPlace } from '../contract/session-owner.ts';
import type { SampleFeatures } from './sample-features.ts';

/** How sessions are told apart further where a contract asks for it, in the query's order. */
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
