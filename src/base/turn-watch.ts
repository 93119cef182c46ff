/** Says for how long what an event loop reads may have lain there. */
export interface TurnWatch {
  /** At most so many microseconds have passed since the bytes came that are being handled. Call it as they are handled. */
  waitedUs(): number;
}

/** A loop that waits for bytes waits longer than this between two turns. */
const idleUs = 500;

/**
 * An event loop takes bytes in turns: it asks the system which sockets have some, and then handles one after another.
 * Those of this turn came after the loop had asked for the turn before, if there was no rest between the two; else they
 * ended the rest. So they have waited since the beginning of that turn at most. The turns of a loop with little to do
 * are short; in an overrun one all bytes wait for a turn or two, unseen by any timer of a request.
 */
export function watchTurns(nowUs: () => number): TurnWatch {
  let beganUs = 0;
  let endedUs = -Infinity;
  let sinceUs = 0;
  let isOpen = false;
  const end = (): void => {
    endedUs = nowUs();
    isOpen = false;
  };
  return {
    waitedUs: () => {
      const us = nowUs();
      if (!isOpen) {
        sinceUs = us - endedUs < idleUs ? beganUs : us;
        beganUs = us;
        isOpen = true;
        setImmediate(end);
      }
      return us - sinceUs;
    },
  };
}
