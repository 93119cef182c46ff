import { trim } from '../../base/units.ts';
import type { Connection } from '../../evidence/connections.ts';
import type { RunEvent } from '../../evidence/event.ts';
import { matchByPort } from '../../evidence/sessions.ts';
import type { Facts } from '../facts.ts';
import type { Guard, GuardResult } from '../guard.ts';

/*
 * What one side counted, the other knows:
 *
 *     at least 99 % of the links' sessions and refusals stand in the server's log, connection by connection
 *
 * Both are exact, so a connection that the link saw and the server never logged is a fault of the harness: one of the
 * two can't be believed, and nobody knows which. The other way round is no fault: what went around the links is in the
 * log alone, and then the log is what counts. The last two seconds of the log are left out: it is written a little
 * later than things happen. Where there is only one of the two, there is nothing to compare.
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
}

export function checkAttribution({ linked, unlogged, isCompared }: AttributionInput): GuardResult {
  const base = { limit, unit: 'ratio', disturbanceMs: null } as const;
  if (!isCompared || linked === 0)
    return { ...base, ok: true, value: null, reason: 'links and server log are not both there to compare' };
  const value = 1 - unlogged / linked;
  const reason =
    unlogged === 0
      ? `all ${linked} connections through the links stand in the server log`
      : `${unlogged} of ${linked} connections through the links are not in the server log (${trim(100 * value, 2)} % are, needed 99 %)`;
  return { ...base, ok: value >= limit, value, reason };
}

export const attribution: Guard = {
  id: 'V07',
  name: 'attribution',
  check: ({ evidence }: Facts) => checkAttribution(compareOf(evidence.events)),
};

function compareOf(events: readonly RunEvent[]): AttributionInput {
  const lastLoggedUs = events.findLast((event) => event.kind === 'log')?.t_us ?? null;
  if (lastLoggedUs === null || !events.some((event) => event.kind === 'link'))
    return { linked: 0, unlogged: 0, isCompared: false };
  const { sessions, refused } = matchByPort(events, events);
  const both = sessions.both + refused.both;
  const unlogged = [...sessions.onlyLink, ...refused.onlyLink].filter((one) => isSettled(one, lastLoggedUs));
  // Where ports are translated on the way, as by a container's bridge, no port stands on both sides.
  const isTranslated = both === 0 && sessions.onlyLog.length + refused.onlyLog.length >= unlogged.length;
  if (isTranslated) return { linked: 0, unlogged: 0, isCompared: false };
  return { linked: both + unlogged.length, unlogged: unlogged.length, isCompared: true };
}

function isSettled({ sessionUs, refusedUs }: Connection, lastLoggedUs: number): boolean {
  return (sessionUs ?? refusedUs ?? Infinity) < lastLoggedUs - settledUs;
}
