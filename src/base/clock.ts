/**
 * One clock for all processes and worker threads: CLOCK_MONOTONIC through `process.hrtime`.
 * (`performance.now()` has another origin in every worker.) Run time is microseconds since the run's origin.
 */
export interface RunClock {
  /** The origin on the monotonic clock, in nanoseconds. Another process that is given it shares this clock. */
  readonly originNs: bigint;
  /** Microseconds since the run's origin. */
  nowUs(): number;
}

/** A run clock with its origin now, or with the origin of another process. */
export function makeRunClock(originNs: bigint = monotonicNs()): RunClock {
  const originSec = Number(originNs / 1_000_000_000n);
  const originRest = Number(originNs % 1_000_000_000n);
  return {
    originNs,
    nowUs: () => {
      // Not the bigint form, which takes twice as long: this runs several times for every request.
      const [sec, ns] = process.hrtime();
      return Math.floor((sec - originSec) * 1e6 + (ns - originRest) / 1000);
    },
  };
}

/** Nanoseconds on the monotonic clock of this machine. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** Wall time in milliseconds since 1970: for names and metadata only, never for measuring. */
export function wallMs(): number {
  return Date.now();
}
