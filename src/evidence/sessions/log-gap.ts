import type { RunEvent } from '../event.ts';

/** Why the server log as it was recorded is not all that the server wrote, or null: then its silence means something. */
export function logGap(events: readonly RunEvent[]): string | null {
  const mark = events.find((event) => event.kind === 'mark' && event.name === 'log_incomplete');
  return mark?.kind === 'mark' ? (mark.detail ?? 'the server log is incomplete') : null;
}
