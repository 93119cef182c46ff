/** What the pacer knows when it looks at its clock; microseconds since load start. */
export interface Moment {
  readonly nowUs: number;
  /** Intended time of the next arrival to publish. */
  readonly nextUs: number;
  /** When something was last published; -Infinity before the first. */
  readonly lastUs: number;
  /** How far ahead of the intended time to publish, because waking a lane takes that long. */
  readonly aheadUs: number;
}

/**
 * Waking a lane costs 50 to 100 us of CPU, whatever it then sends: ten thousand wakes a second keep a whole core busy.
 * Arrivals closer together than this share a wake, and are published at most this much late.
 */
const wakeGapUs = 100;

/** The most to publish ahead. */
const aheadMostUs = 250;

/** The learning rate: 15/16 of an error is left after each wake, so that a rare outlier changes next to nothing. */
const learn = 1 / 16;

/** A lane woken this late was stalled, which says nothing about the next wake. */
const stallUs = 1_000;

/** How long to sleep, microseconds; 0 when something is due. */
export function sleepUs({ nowUs, nextUs, lastUs, aheadUs }: Moment): number {
  return Math.max(0, nextUs - aheadUs - nowUs, lastUs + wakeGapUs - nowUs);
}

/**
 * How far ahead to publish next time, given how late the lane was ready to send this time: feed-forward control that
 * removes the constant part of the lag. A lane that is woken too soon waits, so nothing is ever sent early.
 */
export function learnAhead(aheadUs: number, readyLateUs: number): number {
  if (readyLateUs > stallUs) return aheadUs;
  return Math.min(aheadMostUs, Math.max(0, aheadUs + readyLateUs * learn));
}
