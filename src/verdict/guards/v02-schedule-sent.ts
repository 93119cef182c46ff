import { trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * What was planned was sent, and what was sent is on record:
 *
 *     sent / planned >= 99.9 %
 *
 * Counted over the records, so that a lost record counts like an arrival that was never sent: either way nobody
 * knows what would have become of it. Retries are not planned and not counted. Nor are the requests of closed phases,
 * but what their clients asked for and the harness dropped is missing all the same.
 */

export interface ScheduleInput {
  readonly planned: number;
  readonly sent: number;
  readonly dropped: number;
  /** For want of files or ports on this machine. */
  readonly failed: number;
  /** What the clients of closed phases asked for; null without such phases. */
  readonly closed: { readonly sent: number; readonly dropped: number; readonly failed: number } | null;
}

const limit = 0.999;

export function checkSchedule(input: ScheduleInput): GuardResult {
  const { planned, sent, closed } = input;
  const asked = planned + (closed === null ? 0 : closed.sent + closed.dropped + closed.failed);
  const value = asked === 0 ? 0 : (sent + (closed?.sent ?? 0)) / asked;
  const why = whyMissing(input);
  const unplanned = closed === null ? '' : ` and ${closed.sent} that closed clients asked for`;
  const reason = `${sent} of ${planned} planned arrivals${unplanned} sent (${trim(100 * value, 2)} %, needed ${100 * limit} %)`;
  const because = why.length === 0 ? '' : `: ${why.join(', ')}`;
  return {
    ok: value >= limit,
    value,
    limit,
    unit: 'ratio',
    reason: `${reason}${because}`,
    disturbanceMs: null,
  };
}

function whyMissing({ planned, sent, dropped, failed, closed }: ScheduleInput): readonly string[] {
  const reasons: readonly (readonly [number, string])[] = [
    [dropped, 'dropped because too many were in flight'],
    [failed + (closed?.failed ?? 0), 'found no file or port left on this machine'],
    [planned - sent - dropped - failed, 'without a record'],
    [closed?.dropped ?? 0, 'of closed clients dropped'],
  ];
  return reasons.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

export const scheduleSent = {
  id: 'V02',
  name: 'schedule-sent',
  title: 'the whole schedule was sent',
  meaning: 'Everything planned was sent, and everything sent is on record.',
  provenance: 'observed',
  check: ({ evidence, sent: { scheduled, closed } }: RunFacts) =>
    checkSchedule({ planned: evidence.run.schedule.planned, ...scheduled, closed }),
} as const satisfies Guard;
