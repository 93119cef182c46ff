import type { RunClock } from './clock.ts';

/** A time in which this process or thread could not run; microseconds since the run's origin. */
export interface Stall {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Measures for how long this process was stalled. */
export interface StallWatch {
  /** Ends the watch; returns for how many microseconds the process was stalled. */
  end(): number;
}

const everyMs = 20;

/**
 * Measures how late a timer of its own fires: the process was then busy or not scheduled, and whatever it timed
 * meanwhile seems longer by as much. A delay of less than the timer's period is ignored. `onStall` hears of each stall
 * when it is over.
 */
export function watchStalls(
  clock: Pick<RunClock, 'nowUs'>,
  onStall: (stall: Stall) => void = () => undefined,
): StallWatch {
  const periodUs = 1000 * everyMs;
  let dueUs = clock.nowUs() + periodUs;
  let stalledUs = 0;
  const look = (): void => {
    const nowUs = clock.nowUs();
    if (nowUs > dueUs + periodUs) {
      stalledUs += nowUs - dueUs;
      onStall({ fromUs: dueUs, toUs: nowUs });
    }
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
