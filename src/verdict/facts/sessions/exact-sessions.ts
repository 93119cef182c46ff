import type { LinkEvent, RunEvent } from '../../../evidence/event.ts';
import { logConnections } from '../../../evidence/sessions/connections.ts';
import { logGap } from '../../../evidence/sessions/connections.ts';
import { isOf, linkCounts, linkSessions, logSessions } from '../../../evidence/sessions/sessions.ts';
import type { Step } from '../../../evidence/sessions/steps.ts';

/** The service's authenticated sessions at every moment, from evidence that misses none. */
export interface ExactSessions {
  readonly source: 'link' | 'log';
  readonly steps: readonly Step[];
  /** Sessions that the server log has and no link saw: they went around the links. */
  readonly aroundLink: number;
}

/**
 * The exact timeline of a service. The links know it per instance; the server log knows every session of the
 * service's role. Where the log has more sessions than the links let through, some went around the links and
 * only the log tells the truth. Null where there was neither: not counted, which is not zero.
 */
export function exactSessions(
  events: readonly RunEvent[],
  service: string,
  role: string | null,
): ExactSessions | null {
  const isOurs = (event: LinkEvent): boolean => event.service === service;
  const isLinked = events.some((event) => event.kind === 'link' && isOurs(event));
  const isLogged = role !== null && logGap(events) === null && events.some((event) => event.kind === 'log');
  const viaLink = isLinked ? linkCounts(events, isOurs).sessions : 0;
  const inLog = isLogged ? sessionsInLog(events, role) : 0;
  const aroundLink = isLinked ? Math.max(0, inLog - viaLink) : 0;
  if (isLogged && (!isLinked || aroundLink > 0))
    return { source: 'log', steps: logSessions(events, role), aroundLink };
  return isLinked ? { source: 'link', steps: linkSessions(events, isOurs), aroundLink } : null;
}

/** Sessions of a role since the first instance: what came before made the role's tables, and was no instance's. */
function sessionsInLog(events: readonly RunEvent[], role: string): number {
  const firstUs = events.find((event) => event.kind === 'instance')?.t_us ?? 0;
  return logConnections(events).filter(
    (connection) =>
      isOf(role)(connection) && connection.sessionUs !== null && connection.sessionUs >= firstUs,
  ).length;
}

/** The same per instance, in order of their first connection; only the links know it. */
export function sessionsPerInstance(
  events: readonly RunEvent[],
  service: string,
): ReadonlyMap<string, readonly Step[]> {
  return sessionsPer(events, service, (event) => event.instance);
}

/** The same per revision. */
export function sessionsPerRevision(
  events: readonly RunEvent[],
  service: string,
): ReadonlyMap<string, readonly Step[]> {
  return sessionsPer(events, service, (event) => event.revision);
}

function sessionsPer(
  events: readonly RunEvent[],
  service: string,
  keyOf: (event: LinkEvent) => string,
): ReadonlyMap<string, readonly Step[]> {
  const parts = new Map<string, LinkEvent[]>();
  for (const event of events) {
    if (event.kind !== 'link' || event.service !== service) continue;
    const known = parts.get(keyOf(event));
    if (known === undefined) parts.set(keyOf(event), [event]);
    else known.push(event);
  }
  return new Map([...parts].map(([key, own]) => [key, linkSessions(own)]));
}
