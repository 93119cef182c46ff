import type { Condition } from '../../scenario/conditions/condition.ts';
import type { Attempt } from '../attempt.ts';
import type { BackendRow } from '../dataset/backend-row.ts';
import type { RunEvent } from '../event.ts';

/** One observation of a metric. Where a share is asked for, those without the tags are observed too, as no hit. */
export interface Observation {
  readonly tUs: number;
  readonly value: number;
  readonly isHit: boolean;
}

/** What of a condition says which observations count. */
export type Wanted = Pick<Condition, 'metric' | 'tags'>;

/** What an attempt that has ended says of a metric; null where it says nothing. */
export function ofAttempt(wanted: Wanted, attempt: Attempt): Observation | null {
  const { outcome, route, status, intendedUs, sentUs, endedUs, acquireUs } = attempt;
  const isSent = outcome !== 'dropped';
  if (wanted.metric === 'gen.dropped')
    return attempt.attempt > 1 ? null : { tUs: intendedUs, value: 1, isHit: !isSent };
  if (!isSent) return null;
  if (wanted.metric === 'gen.lag')
    return { tUs: intendedUs, value: (sentUs - intendedUs) / 1000, isHit: true };
  const isHit = matches(wanted, { outcome, route, status: status === null ? null : String(status) });
  if (wanted.metric === 'http.attempts') return { tUs: intendedUs, value: 1, isHit };
  const valueUs = {
    'http.latency': endedUs === null ? null : endedUs - intendedUs,
    'http.service_time': endedUs === null ? null : endedUs - sentUs,
    'http.acquire': acquireUs,
  }[wanted.metric as string];
  if (valueUs === undefined || valueUs === null || !isHit) return null;
  return { tUs: intendedUs, value: valueUs / 1000, isHit };
}

/** What an event of the links says of a metric; null where it says nothing. */
export function ofEvent(wanted: Wanted, event: RunEvent): Observation | null {
  if (event.kind !== 'link') return null;
  const what = { 'db.connects': 'attempt', 'db.refused': 'refused' }[wanted.metric as string];
  if (what === undefined || event.what !== what) return null;
  const { service, revision, sqlstate } = event;
  return matches(wanted, { service, revision, sqlstate: sqlstate ?? null })
    ? { tUs: event.t_us, value: 1, isHit: true }
    : null;
}

/** What a good sample says of a metric; null where it says nothing. */
export function ofSample(wanted: Wanted, tUs: number, rows: readonly BackendRow[]): Observation | null {
  const own = rows.filter((row) =>
    matches(wanted, { service: row.service, role: row.role, state: row.state, wait_type: row.waitType }),
  );
  if (wanted.metric === 'db.backends')
    return { tUs, value: own.reduce((sum, { count }) => sum + count, 0), isHit: true };
  if (wanted.metric !== 'db.oldest_xact') return null;
  return { tUs, value: own.reduce((most, { maxXactMs }) => Math.max(most, maxXactMs ?? 0), 0), isHit: true };
}

/** Follows a count through the events that change it. */
export interface Counter {
  /** The count after an event, or null where it changed nothing. */
  after(event: RunEvent): number | null;
}

/** A counter of sessions or of instances. */
export function makeCounter(wanted: Wanted): Counter {
  const alive = new Set<string>();
  let sessions = 0;
  return {
    after: (event) => {
      if (event.kind !== 'link' && event.kind !== 'instance') return null;
      if (!matches(wanted, { service: event.service, revision: event.revision })) return null;
      if (wanted.metric === 'db.sessions' && event.kind === 'link') {
        const change = changeOf(event);
        sessions += change;
        return change === 0 ? null : sessions;
      }
      if (wanted.metric !== 'run.instances' || event.kind !== 'instance') return null;
      const before = alive.size;
      if (event.state === 'stopped' || event.state === 'failed') alive.delete(event.instance);
      else alive.add(event.instance);
      return alive.size === before ? null : alive.size;
    },
  };
}

function changeOf(event: Extract<RunEvent, { kind: 'link' }>): number {
  if (event.what === 'session') return 1;
  return event.what === 'close' && event.was_session === true ? -1 : 0;
}

function matches({ tags }: Wanted, has: Readonly<Record<string, string | null>>): boolean {
  return Object.entries(tags).every(([tag, values]) => {
    const value = has[tag];
    return value !== undefined && value !== null && values.includes(value);
  });
}
