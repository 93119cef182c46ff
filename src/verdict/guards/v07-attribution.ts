import { trim } from '../../base/units.ts';
import type { Connection } from '../../evidence/sessions/connections.ts';
import type { LinkEvent, RunEvent } from '../../evidence/event.ts';
import { matchByPort, matchByRole, type Matches } from '../../evidence/sessions/sessions.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * What one side counted, the other has seen:
 *
 *     at least 99 % of the links' sessions and refusals stand in the server's log, connection by connection
 *
 * Both are exact, so a connection that the link saw and the server never logged is a fault of the harness: one of the
 * two is wrong, and there is no telling which. The other way round is no fault: what bypassed the links is in the log
 * alone, and then the log counts. The last two seconds of the log are left out: it is written a little
 * later than things happen. Where there is only one of the two, there is nothing to compare.
 *
 * Where ports are translated on the way (a container's bridge, the front of a Cloud SQL instance), no port stands on both
 * sides: then the sessions and refusals of each role are counted against each other.
 */

const limit = 0.99;
const settledUs = 2_000_000;

export interface AttributionInput {
  /** Connections of the links, up to the moment that the log surely reaches. */
  readonly linked: number;
  /** Those of them that the log has not. */
  readonly unlogged: number;
  /** Whether there were both. */
  readonly isCompared: boolean;
  /** Ports are translated on the way: counted by role, not connection by connection. */
  readonly isByRole?: boolean;
}

export function checkAttribution({
  linked,
  unlogged,
  isCompared,
  isByRole = false,
}: AttributionInput): GuardResult {
  const base = { limit, unit: 'ratio', disturbanceMs: null } as const;
  if (!isCompared || linked === 0)
    return { ...base, ok: true, value: null, reason: 'links and server log are not both there to compare' };
  const value = 1 - unlogged / linked;
  const reason =
    unlogged === 0
      ? `all ${linked} connections through the links stand in the server log`
      : `${unlogged} of ${linked} connections through the links are not in the server log (${trim(100 * value, 2)} % are, needed 99 %)`;
  const how = isByRole ? ', counted by role: ports are translated on the way' : '';
  return { ...base, ok: value >= limit, value, reason: `${reason}${how}` };
}

export const attribution = {
  id: 'V07',
  name: 'attribution',
  title: 'links and server log agree',
  meaning: "The connections that the links counted are in the server's log.",
  provenance: 'observed',
  check: ({ evidence }: RunFacts) => checkAttribution(compareOf(evidence.events)),
} as const satisfies Guard;

function compareOf(events: readonly RunEvent[]): AttributionInput {
  const lastLoggedUs = events.findLast((event) => event.kind === 'log')?.t_us ?? null;
  if (lastLoggedUs === null || !events.some((event) => event.kind === 'link'))
    return { linked: 0, unlogged: 0, isCompared: false };
  const byPort = inputOf(matchByPort(events, events), lastLoggedUs);
  const isTranslated = byPort.unlogged === byPort.linked && byPort.onlyLogged >= byPort.unlogged;
  if (!isTranslated) return { ...byPort, isCompared: true };
  // Under TLS a link does not learn whose a connection is.
  const isKnown = events.every(
    (event) => event.kind !== 'link' || event.what !== 'session' || isNamed(event),
  );
  if (!isKnown) return { linked: 0, unlogged: 0, isCompared: false };
  return {
    ...inputOf(matchByRole(events, lastLoggedUs - settledUs), lastLoggedUs),
    isCompared: true,
    isByRole: true,
  };
}

function isNamed({ role = null }: LinkEvent): boolean {
  return role !== null;
}

function inputOf(
  { sessions, refused }: Matches,
  lastLoggedUs: number,
): { readonly linked: number; readonly unlogged: number; readonly onlyLogged: number } {
  const unlogged = [...sessions.onlyLink, ...refused.onlyLink].filter((one) => isSettled(one, lastLoggedUs));
  return {
    linked: sessions.both + refused.both + unlogged.length,
    unlogged: unlogged.length,
    onlyLogged: sessions.onlyLog.length + refused.onlyLog.length,
  };
}

function isSettled({ sessionUs, refusedUs }: Connection, lastLoggedUs: number): boolean {
  return (sessionUs ?? refusedUs ?? Infinity) < lastLoggedUs - settledUs;
}
