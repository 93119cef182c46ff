/** How the sessions of a sample stand to those of the samples before. */
export interface SessionAges {
  /** Not there in the sample before. */
  readonly fresh: number;
  /** Seen for so short a time that the server may not have counted their logins yet. */
  readonly young: number;
}

/** Knows the sessions of the last sample by their process numbers. */
export interface SessionTracker {
  note(pids: readonly string[], nowUs: number): SessionAges;
}

/**
 * A backend adds its login to the counter before it waits for its first command; unless another one holds the
 * counter's lock at that moment, and then up to ten seconds later, or when it ends. One more second for a busy machine.
 */
const countedWithinUs = 11_000_000;

/** A tracker that has seen no sample. */
export function makeSessionTracker(): SessionTracker {
  let firstSeenUs = new Map<string, number>();
  return {
    note: (pids, nowUs) => {
      const known = firstSeenUs;
      firstSeenUs = new Map();
      let fresh = 0;
      let young = 0;
      for (const pid of pids) {
        const seenUs = known.get(pid);
        if (seenUs === undefined) fresh += 1;
        if (seenUs === undefined || nowUs - seenUs < countedWithinUs) young += 1;
        firstSeenUs.set(pid, seenUs ?? nowUs);
      }
      return { fresh, young };
    },
  };
}
