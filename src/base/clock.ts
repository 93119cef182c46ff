/**
 * One clock for all processes and worker threads: CLOCK_MONOTONIC through `process.hrtime.bigint()`.
 * (`performance.now()` has another origin in every worker.) Run time is microseconds since the run's origin.
 */
export interface RunClock {
  /** The origin on the monotonic clock, in nanoseconds: hand it to another process to share this clock. */
  readonly originNs: bigint;
  /** Microseconds since the run's origin. */
  nowUs(): number;
}

/** A run clock with its origin now, or at an origin taken from another process. */
export function makeRunClock(originNs: bigint = monotonicNs()): RunClock {
  return { originNs, nowUs: () => Number((process.hrtime.bigint() - originNs) / 1000n) };
}

/** Nanoseconds on the monotonic clock of this machine. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** Wall time in milliseconds since 1970: for names and metadata only, never for measuring. */
export function wallMs(): number {
  return Date.now();
}
