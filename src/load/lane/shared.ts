import type { Arrivals } from '../../plan/run-plan.ts';

/** Memory shared by the conductor, the pacer and all lanes: the schedule, which is read-only, and a few counters. */
export interface Shared {
  readonly count: number;
  readonly intendedUs: Float64Array;
  readonly route: Uint16Array;
  readonly phase: Uint16Array;
  /** Counters at the indexes named by `cell`, then one due count per lane. */
  readonly cells: Int32Array;
}

/** Indexes into `cells`. */
export const cell = {
  /** 0 while load is being sent, 1 to stop. The pacer sleeps on it. */
  stop: 0,
  inFlight: 1,
  /** First attempts. */
  sent: 2,
  dropped: 3,
  retries: 4,
  /** Attempts that ended, by outcome group. */
  ok: 5,
  refused: 6,
  failed: 7,
  /** How far ahead of time the pacer publishes, as learned by lane 0. */
  aheadUs: 8,
  /** How many arrivals of the schedule are due, for lane 0; lane n's count is n cells further on. Each lane sleeps on its own. */
  due: 9,
} as const;

/** Copies a schedule into shared memory. */
export function shareSchedule(arrivals: Arrivals, lanes: number): Shared {
  return {
    count: arrivals.count,
    intendedUs: copyOf(arrivals.intendedUs, Float64Array),
    route: copyOf(arrivals.route, Uint16Array),
    phase: copyOf(arrivals.phase, Uint16Array),
    cells: new Int32Array(new SharedArrayBuffer((cell.due + lanes) * Int32Array.BYTES_PER_ELEMENT)),
  };
}

function copyOf<T extends Float64Array | Uint16Array>(
  source: T,
  make: { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
): T {
  const copy = new make(new SharedArrayBuffer(source.length * make.BYTES_PER_ELEMENT));
  copy.set(source);
  return copy;
}
