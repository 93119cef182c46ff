import type { RunClock } from './clock.ts';

/** Notices when this process could not go on. */
export interface StallWatch {
  /** Ends the watch: for how many microseconds it could not. */
  end(): number;
}

const everyMs = 20;

/**
 * Watches how late a timer of its own comes: then this process was busy with something else, or was not let run, and
 * whatever it measured meanwhile took longer by that. A timer that is late by less than its period says nothing.
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
      // What was waited for may have been read right after a stall, before the timer came.
      look();
      return stalledUs;
    },
  };
}
