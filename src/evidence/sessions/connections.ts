import type { LinkEvent, LogEvent, RunEvent } from '../event.ts';

/** One connection to Postgres from its first packet to its end, as the link or the server log saw it. */
export interface Connection {
  /** Source port of the connection: what link and log both know it by. */
  readonly port: number | null;
  readonly role: string | null;
  readonly applicationName: string | null;
  readonly openedUs: number;
  /** When it was authenticated and passed all checks; null when it never did. */
  readonly sessionUs: number | null;
  /** When it was refused; null when it was not. */
  readonly refusedUs: number | null;
  /** Of the refusal. */
  readonly sqlstate: string | null;
  /** When a session was closed; null while it is open. */
  readonly closedUs: number | null;
}

/** Every connection that the links saw, in order of opening. A source port may be used again after a close. */
export function linkConnections(
  events: readonly RunEvent[],
  by: (event: LinkEvent) => boolean = () => true,
): readonly Connection[] {
  const seen = events.filter((event) => event.kind === 'link').filter(by);
  const lives = livesOf(
    seen,
    (event) => event.port,
    (event, life) => event.what === 'attempt' || life.at(-1)?.what === 'close',
  );
  return lives.map(({ first, all }) => {
    const refused = all.find((event) => event.what === 'refused');
    const sessionUs = timeOf(all, (event) => event.what === 'session');
    const closedUs = timeOf(all, (event) => event.what === 'close');
    return {
      port: first.port,
      role: firstKnown(all, (event) => event.role),
      applicationName: firstKnown(all, (event) => event.application_name),
      openedUs: first.t_us,
      sessionUs,
      refusedUs: refused?.t_us ?? null,
      sqlstate: refused?.sqlstate ?? null,
      closedUs: sessionUs === null ? null : closedUs,
    };
  });
}

/**
 * Every connection that the server log tells of, in order of opening; each is one life of a backend's pid.
 *
 * Postgres logs "connection authorized" before its last checks (reserved slots, connection limits of role and
 * database), so an authorized connection may still be refused. It logs "disconnection" only for those that
 * passed: an authorized connection with a FATAL that no disconnection follows was refused, not a session.
 */
export function logConnections(events: readonly RunEvent[]): readonly Connection[] {
  const seen = events.filter((event) => event.kind === 'log');
  const lives = livesOf(
    seen,
    (event) => event.pid,
    (event, life) =>
      event.what === 'received' ||
      life.at(-1)?.what === 'disconnected' ||
      (event.what !== 'disconnected' && life.some(isFatal)) ||
      (event.what === 'authorized' && life.some((earlier) => earlier.what === 'authorized')),
  );
  return lives
    .filter(({ all }) => all.some(isOfConnection))
    .map(({ all, nextUs }) => logConnection(all, nextUs));
}

/** Why the recorded server log is not all that the server wrote; null if it is complete, so that its silence means something. */
export function logGap(events: readonly RunEvent[]): string | null {
  const mark = events.find((event) => event.kind === 'mark' && event.name === 'log_incomplete');
  return mark?.kind === 'mark' ? (mark.detail ?? 'the server log is incomplete') : null;
}

function logConnection(life: readonly LogEvent[], nextUs: number | null): Connection {
  const authorizedUs = timeOf(life, (event) => event.what === 'authorized');
  const closedUs = timeOf(life, (event) => event.what === 'disconnected');
  const fatal = life.find(isFatal);
  const isSession = authorizedUs !== null && (fatal === undefined || closedUs !== null);
  const refused = isSession ? undefined : fatal;
  return {
    port: firstKnown(life, (event) => event.port),
    role: firstKnown(life, (event) => event.role),
    applicationName: firstKnown(life, (event) => event.application_name),
    openedUs: timeOf(life, () => true) ?? 0,
    sessionUs: isSession ? authorizedUs : null,
    refusedUs: refused?.t_us ?? null,
    sqlstate: refused?.sqlstate ?? null,
    // A pid is given to a new process only when the old one is gone, whether or not it could say so.
    closedUs: isSession ? (closedUs ?? nextUs) : null,
  };
}

/** Lines of background processes, which have no client, are not about connections. */
function isOfConnection(event: LogEvent): boolean {
  return event.what === 'received' || event.what === 'authorized' || (isFatal(event) && event.port !== null);
}

function isFatal(event: LogEvent): boolean {
  return event.what === 'error' && (event.severity === 'FATAL' || event.severity === 'PANIC');
}

interface Life<E> {
  readonly first: E;
  readonly all: readonly E[];
  /** When the next life under the same key began. */
  readonly nextUs: number | null;
}

/** Splits events into lives: those of one key, up to the event that can only be the first of another life. */
function livesOf<E extends { readonly t_us: number }>(
  events: readonly E[],
  keyOf: (event: E) => number,
  isFirst: (event: E, life: readonly E[]) => boolean,
): readonly Life<E>[] {
  const lives: { first: E; all: E[]; nextUs: number | null }[] = [];
  const current = new Map<number, (typeof lives)[number]>();
  for (const event of events) {
    const known = current.get(keyOf(event));
    if (known !== undefined && !isFirst(event, known.all)) {
      known.all.push(event);
      continue;
    }
    if (known !== undefined) known.nextUs = event.t_us;
    const fresh = { first: event, all: [event], nextUs: null };
    current.set(keyOf(event), fresh);
    lives.push(fresh);
  }
  return lives;
}

function timeOf<E extends { readonly t_us: number }>(
  events: readonly E[],
  is: (event: E) => boolean,
): number | null {
  return events.find(is)?.t_us ?? null;
}

function firstKnown<E, T>(events: readonly E[], pick: (event: E) => T | null | undefined): T | null {
  for (const event of events) {
    const value = pick(event);
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
