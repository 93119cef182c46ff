import type { RunEvent } from '../../evidence/event.ts';
import { formatMs } from '../../base/units.ts';

/** An event that a person watching a log wants to read, as one line; null for all others. */
export function eventLine(event: RunEvent): string | null {
  const words = wordsOf(event);
  return words === null ? null : `${(event.t_us / 1e6).toFixed(3).padStart(9)}s  ${words}`;
}

function wordsOf(event: RunEvent): string | null {
  switch (event.kind) {
    case 'instance':
      return `${event.revision} ${event.instance} ${event.state} (${event.reason})${startedIn(event)}${leftBehind(event)}`;
    case 'revision':
      return `${event.revision} ${event.state}${event.percent === undefined ? '' : ` ${event.percent} %`} (${event.reason})`;
    case 'platform':
      return `${event.service} answered ${event.status} ${event.reason} after ${formatMs(event.waited_us / 1000)}`;
    case 'link':
      return event.what === 'refused'
        ? `${event.instance} refused by Postgres: ${event.sqlstate ?? ''} ${event.message ?? ''}`
        : null;
    default:
      return null;
  }
}

function startedIn({ startup_us }: Extract<RunEvent, { kind: 'instance' }>): string {
  return startup_us === undefined ? '' : ` in ${formatMs(startup_us / 1000)}`;
}

function leftBehind({ sessions_left }: Extract<RunEvent, { kind: 'instance' }>): string {
  return (sessions_left ?? 0) > 0 ? `, ${sessions_left} sessions left behind` : '';
}
