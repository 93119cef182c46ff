import { trim } from '../../base/units.ts';
import type { Facts } from '../facts.ts';
import type { Guard, GuardResult } from '../guard.ts';
import { scheduleCounts } from '../schedule-counts.ts';

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
  /** What the clients of closed phases asked for; null without such phases. */
  readonly closed: { readonly sent: number; readonly dropped: number } | null;
}

const limit = 0.999;

export function checkSchedule({ planned, sent, dropped, closed }: ScheduleInput): GuardResult {
  const asked = planned + (closed === null ? 0 : closed.sent + closed.dropped);
  const value = asked === 0 ? 0 : (sent + (closed?.sent ?? 0)) / asked;
  const lost = Math.max(0, planned - sent - dropped);
  const why = [
    ...(dropped > 0 ? [`${dropped} dropped because too many were in flight`] : []),
    ...(lost > 0 ? [`${lost} without a record`] : []),
    ...(closed !== null && closed.dropped > 0 ? [`${closed.dropped} of closed clients dropped`] : []),
  ];
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

export const scheduleSent: Guard = {
  id: 'V02',
  name: 'schedule-sent',
  check: ({ evidence }: Facts) => {
    const { scheduled, closed } = scheduleCounts(evidence);
    return checkSchedule({ planned: evidence.run.schedule.planned, ...scheduled, closed });
  },
};
