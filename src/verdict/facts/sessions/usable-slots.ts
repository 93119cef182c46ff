import { usableOf } from '../../../contract/budget.ts';
import type { SettingsEvent } from '../../../evidence/event.ts';
import type { Evidence } from '../../../evidence/evidence.ts';

/**
 * How many slots the server had for ordinary roles at each moment. What limits them changes only when the server is
 * started anew, so a reading holds from the start of the server that it was made of; before the first one, and where
 * nobody read, what the server said before the run.
 */
export function usableSlots({ run, events }: Pick<Evidence, 'run' | 'events'>): (tUs: number) => number {
  const offsetUs = run.database_clock?.offset_us ?? null;
  const changes: Change[] = [];
  for (const event of events) {
    if (event.kind !== 'settings' || !event.ok) continue;
    const change = changeOf(event, offsetUs);
    const before = changes.at(-1)?.usable ?? usableOf(run.limits);
    if (Number.isFinite(change.usable) && change.usable !== before) changes.push(change);
  }
  return (tUs) => changes.findLast(({ fromUs }) => fromUs <= tUs)?.usable ?? usableOf(run.limits);
}

interface Change {
  readonly fromUs: number;
  readonly usable: number;
}

function changeOf(
  { t_us: tUs, server_started_us: startedUs, settings }: SettingsEvent,
  offsetUs: number | null,
): Change {
  const usable = usableOf({
    maxConnections: Number(settings['max_connections']),
    superuserReserved: Number(settings['superuser_reserved_connections'] ?? 0),
    reservedConnections: Number(settings['reserved_connections'] ?? 0),
  });
  if (startedUs === null || offsetUs === null) return { fromUs: tUs, usable };
  return { fromUs: Math.min(startedUs - offsetUs, tUs), usable };
}
