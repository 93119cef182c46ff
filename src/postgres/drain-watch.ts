import type { RunClock } from '../base/clock.ts';
import { sleep } from '../base/deadline.ts';
import type { SessionOwner } from '../contract/session-owner.ts';
import type { DrainEvent } from '../evidence/event.ts';
import type { WatchSession } from './watch-session.ts';

const everyMs = 50;

/** What to look for when load is over. */
export interface DrainOrders {
  readonly session: WatchSession;
  /** Whose a session is; nobody's sessions are not waited for. */
  readonly ownerOf: SessionOwner;
  readonly clock: RunClock;
  /** How long to wait for sessions that still work. */
  readonly limitMs: number;
}

type Left = DrainEvent['left'][number];

/**
 * From the end of load on, watches which sessions still work for the services, until none does or the time is up. A
 * client that goes away does not stop its query: a session may work for a request that ended long ago.
 */
export async function watchDrain(orders: DrainOrders, signal: AbortSignal): Promise<DrainEvent> {
  const { session, clock, ownerOf, limitMs } = orders;
  const fromUs = clock.nowUs();
  const left = new Map<number, Left>();
  let looks = 0;
  let working: number | null = null;
  while (!signal.aborted) {
    const rows = await session.ask(askWorking);
    const nowUs = clock.nowUs();
    const seen = rows?.map((row) => parseWork(row, nowUs, ownerOf)).filter(({ service }) => service !== null);
    working = seen?.length ?? null;
    if (seen === undefined) break;
    looks += 1;
    for (const one of seen) note(left, one);
    if (working === 0 || nowUs - fromUs > limitMs * 1000) break;
    await sleep(everyMs, signal);
  }
  return { t_us: clock.nowUs(), kind: 'drain', from_us: fromUs, looks, working, left: [...left.values()] };
}

/** Sessions that work, or hold a transaction open and do nothing. */
const askWorking = `
select pid, usename, application_name, datname, state,
  date_part('epoch', clock_timestamp() - xact_start) * 1000,
  date_part('epoch', clock_timestamp() - state_change) * 1000,
  substring(coalesce(application_name, '') || ' ' || query from 'poolproof:([0-9]{1,9})'),
  host(client_addr)
from pg_stat_activity
where backend_type = 'client backend'
  and (state in ('active', 'fastpath function call') or state like 'idle in transaction%')`;

function parseWork(row: readonly (string | null)[], nowUs: number, ownerOf: SessionOwner): Left {
  const [pid, role = null, applicationName = null, database = null, state, xactMs, stateMs, request] = row;
  const clientAddress = row[8] ?? null;
  return {
    pid: Number(pid),
    service: ownerOf({ role, applicationName, database, clientAddress }),
    role,
    application_name: applicationName,
    state: state ?? '',
    first_us: nowUs,
    last_us: nowUs,
    xact_ms: numberOf(xactMs),
    state_ms: numberOf(stateMs),
    arrival: numberOf(request),
  };
}

/** Remembers when a session was first and last seen at work; one that begins something new goes on as it was. */
function note(left: Map<number, Left>, seen: Left): void {
  const known = left.get(seen.pid);
  const arrival = seen.arrival ?? known?.arrival ?? null;
  left.set(seen.pid, { ...seen, first_us: known?.first_us ?? seen.first_us, arrival });
}

function numberOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Math.round(Number(text) * 1000) / 1000;
}
