/** How the sessions of a sample stand to those of the samples before. */
export interface SessionAges {
  /** Not there in the sample before. */
  readonly fresh: number;
  /** Seen for so short a time that the server may not have counted their logins yet. */
  readonly young: number;
}

/** Knows the sessions of the last sample by their process numbers. */
export interface SessionLedger {
  note(pids: readonly number[], nowUs: number): SessionAges;
}

/**
 * A backend adds its login to the counter before it waits for its first command; unless another one holds the
 * counter's lock at that moment, and then up to ten seconds later, or when it ends. One more second for a busy machine.
 */
const countedWithinUs = 11_000_000;

/** A ledger that has seen no sample. */
export function makeSessionLedger(): SessionLedger {
  let firstSeenUs = new Map<number, number>();
  return {
    note: (pids, nowUs) => {
      const known = firstSeenUs;
      firstSeenUs = new Map(pids.map((pid) => [pid, known.get(pid) ?? nowUs]));
      return {
        fresh: pids.filter((pid) => !known.has(pid)).length,
        young: [...firstSeenUs.values()].filter((seenUs) => nowUs - seenUs < countedWithinUs).length,
      };
    },
  };
}
