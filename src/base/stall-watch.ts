import type { RunClock } from './clock.ts';

/** Measures for how long this process was stalled. */
export interface StallWatch {
  /** Ends the watch; returns for how many microseconds the process was stalled. */
  end(): number;
}

const everyMs = 20;

/**
 * Measures how late a timer of its own fires: the process was then busy or not scheduled, and whatever it timed
 * meanwhile seems longer by as much. A delay of less than the timer's period is ignored.
 */
export function watchStalls(clock: Pick<RunClock, 'nowUs'>): StallWatch {
  const periodUs = 1000 * everyMs;
  let dueUs = clock.nowUs() + periodUs;
  let stalledUs = 0;
  const look = (): void => {
    const nowUs = clock.nowUs();
    if (nowUs > dueUs + periodUs) stalledUs += nowUs - dueUs;
    dueUs = nowUs + periodUs;
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    end: () => {
      clearInterval(timer);
      // A stall may have just ended, with the timer still to fire.
      look();
      return stalledUs;
    },
  };
}
