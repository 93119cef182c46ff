/** What the pacer knows when it looks at its clock; microseconds since load start. */
export interface Moment {
  readonly nowUs: number;
  /** Intended time of the next arrival that is not published. */
  readonly nextUs: number;
  /** When something was last published; -Infinity before the first. */
  readonly lastUs: number;
  /** How much sooner than intended to publish, because waking a lane takes that long. */
  readonly aheadUs: number;
}

/**
 * Waking a lane costs 50 to 100 us of CPU, whatever it then sends: above ten thousand wakes a second, waking is all a
 * core does. Arrivals closer together share a wake, which makes the later of them due at most this much late.
 */
const wakeGapUs = 100;

/** The most that waking may take before it is a stall and no habit. */
const aheadMostUs = 250;

/** What is left of a mistake after each wake is 15/16: one stall in a thousand moves nothing. */
const learn = 1 / 16;

/** A lane that is woken this much late was stalled: that tells nothing of the next wake. */
const stallUs = 1_000;

/** How long to sleep, microseconds; 0 when something is to be published at once. */
export function sleepUs({ nowUs, nextUs, lastUs, aheadUs }: Moment): number {
  return Math.max(0, nextUs - aheadUs - nowUs, lastUs + wakeGapUs - nowUs);
}

/**
 * How much ahead to publish next time, given how late the lane was ready to send after this one: the feed-forward
 * that takes the constant part out of the lag. What comes too soon is waited for by the lane, so nothing is early.
 */
export function learnAhead(aheadUs: number, readyLateUs: number): number {
  if (readyLateUs > stallUs) return aheadUs;
  return Math.min(aheadMostUs, Math.max(0, aheadUs + readyLateUs * learn));
}
