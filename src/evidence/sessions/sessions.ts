import { ownApplicationName } from '../../contract/session-owner.ts';
import { linkConnections, logConnections, type Connection } from './connections.ts';
import type { LinkEvent, RunEvent } from '../event.ts';
import { stepsOf, type Step } from './steps.ts';

/** How connections went over a whole run. */
export interface ConnectionCounts {
  readonly attempts: number;
  readonly sessions: number;
  readonly refused: number;
  /** By SQLSTATE; `unknown` where none was told. */
  readonly refusedBySqlstate: Readonly<Record<string, number>>;
}

/** Authenticated sessions open at each moment, as the links saw them: exact. */
export function linkSessions(
  events: readonly RunEvent[],
  by: (event: LinkEvent) => boolean = () => true,
): readonly Step[] {
  const changes: { tUs: number; delta: number }[] = [];
  for (const event of events) {
    if (event.kind !== 'link' || !by(event)) continue;
    if (event.what === 'session') changes.push({ tUs: event.t_us, delta: 1 });
    if (event.what === 'close' && event.was_session === true) changes.push({ tUs: event.t_us, delta: -1 });
  }
  return stepsOf(changes);
}

/** Authenticated sessions of one role open at each moment, as the server log tells them: exact. */
export function logSessions(events: readonly RunEvent[], role: string): readonly Step[] {
  const sessions = logConnections(events).filter(isOf(role));
  return stepsOf(
    sessions.flatMap(({ sessionUs, closedUs }) => [
      ...(sessionUs === null ? [] : [{ tUs: sessionUs, delta: 1 }]),
      ...(closedUs === null ? [] : [{ tUs: closedUs, delta: -1 }]),
    ]),
  );
}

/** Connections of a role, without those of the harness, which may have to log in as the same role. */
export function isOf(role: string): (connection: Connection) => boolean {
  return (connection) => connection.role === role && connection.applicationName !== ownApplicationName;
}

/** What became of the connections that the links saw. */
export function linkCounts(
  events: readonly RunEvent[],
  by: (event: LinkEvent) => boolean = () => true,
): ConnectionCounts {
  return countsOf(linkConnections(events, by));
}

/** What became of the connections in the server log; with a filter, of those whose role passes it. */
export function logCounts(
  events: readonly RunEvent[],
  byRole: (role: string | null) => boolean = () => true,
): ConnectionCounts {
  return countsOf(logConnections(events).filter((connection) => byRole(connection.role)));
}

function countsOf(connections: readonly Connection[]): ConnectionCounts {
  const refused = connections.filter((connection) => connection.refusedUs !== null);
  const bySqlstate: Record<string, number> = {};
  for (const { sqlstate } of refused)
    bySqlstate[sqlstate ?? 'unknown'] = (bySqlstate[sqlstate ?? 'unknown'] ?? 0) + 1;
  return {
    attempts: connections.length,
    sessions: connections.filter((connection) => connection.sessionUs !== null).length,
    refused: refused.length,
    refusedBySqlstate: bySqlstate,
  };
}

/** Which connections link and log agree on. */
export interface Match {
  readonly both: number;
  readonly onlyLink: readonly Connection[];
  readonly onlyLog: readonly Connection[];
}

/**
 * Matches the links' connections with the server log's by source port. A port may be used many times: the
 * n-th session of a port in the one is the n-th in the other, and refusals likewise.
 * Both lists may be all of a run's events. `ofLog` leaves out the harness's own connections, which no link sees.
 */
export function matchByPort(
  linkEvents: readonly RunEvent[],
  logEvents: readonly RunEvent[],
  ofLog: (connection: Connection) => boolean = () => true,
): Matches {
  return matchBy(({ port }) => port, linkConnections(linkEvents), logConnections(logEvents).filter(ofLog));
}

/** How much later than a link the log may report a connection: network, buffering, clock error. */
const tellingUs = 250_000;

/**
 * The same by role alone, where ports are translated on the way and none stands on both sides: the n-th session of a
 * role in the one is the n-th in the other. It shows that one is missing, not which; so what came after the given
 * moment is left out on both sides, or a late one in the log would make up for an early one that is missing.
 */
export function matchByRole(events: readonly RunEvent[], untilUs: number): Matches {
  const isBefore =
    (atUs: number) =>
    ({ sessionUs, refusedUs }: Connection): boolean =>
      (sessionUs ?? refusedUs ?? Infinity) < atUs;
  const isOwn = ({ applicationName }: Connection): boolean => applicationName === ownApplicationName;
  const log = logConnections(events).filter((one) => !isOwn(one) && isBefore(untilUs + tellingUs)(one));
  return matchBy(({ role }) => role, linkConnections(events).filter(isBefore(untilUs)), log);
}

/** What link and log agree on, separately for sessions and refusals. */
export interface Matches {
  readonly sessions: Match;
  readonly refused: Match;
}

type Key = (connection: Connection) => string | number | null;

function matchBy(key: Key, link: readonly Connection[], log: readonly Connection[]): Matches {
  const isSession = ({ sessionUs }: Connection): boolean => sessionUs !== null;
  const isRefused = ({ refusedUs }: Connection): boolean => refusedUs !== null;
  return {
    sessions: match(key, link.filter(isSession), log.filter(isSession)),
    refused: match(key, link.filter(isRefused), log.filter(isRefused)),
  };
}

function match(key: Key, link: readonly Connection[], log: readonly Connection[]): Match {
  const onlyLink = unmatched(key, link, log);
  return { both: link.length - onlyLink.length, onlyLink, onlyLog: unmatched(key, log, link) };
}

/** Those of `mine` for which `theirs` has no occurrence of the key left. */
function unmatched(
  key: Key,
  mine: readonly Connection[],
  theirs: readonly Connection[],
): readonly Connection[] {
  const left = new Map<string | number, number>();
  for (const one of theirs) {
    const of = key(one);
    if (of !== null) left.set(of, (left.get(of) ?? 0) + 1);
  }
  return mine.filter((one) => {
    const of = key(one);
    const count = of === null ? 0 : (left.get(of) ?? 0);
    if (of !== null && count > 0) left.set(of, count - 1);
    return count === 0;
  });
}
