import { trim } from '../../base/units.ts';
import type { Facts } from '../facts.ts';
import type { Guard, GuardResult } from '../guard.ts';

/*
 * What was planned was sent, and what was sent is on record:
 *
 *     sent / planned >= 99.9 %
 *
 * Counted over the records, so that a lost record counts like an arrival that was never sent: either way nobody
 * knows what would have become of it.
 */

export interface ScheduleInput {
  readonly planned: number;
  readonly sent: number;
  readonly dropped: number;
}

const limit = 0.999;

export function checkSchedule({ planned, sent, dropped }: ScheduleInput): GuardResult {
  const value = planned === 0 ? 0 : sent / planned;
  const lost = Math.max(0, planned - sent - dropped);
  const why = [
    ...(dropped > 0 ? [`${dropped} dropped because too many were in flight`] : []),
    ...(lost > 0 ? [`${lost} without a record`] : []),
  ];
  const reason = `${sent} of ${planned} planned arrivals sent (${trim(100 * value, 2)} %, needed ${100 * limit} %)`;
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
  check: ({ evidence: { run, attempts } }: Facts) => {
    const first = attempts.filter((attempt) => attempt.attempt === 1);
    const dropped = first.filter((attempt) => attempt.outcome === 'dropped').length;
    return checkSchedule({ planned: run.schedule.planned, sent: first.length - dropped, dropped });
  },
};
