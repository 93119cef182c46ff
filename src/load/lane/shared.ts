import type { Arrivals } from '../../plan/run-plan.ts';

/** Memory that the conductor, the pacer and all lanes see: the schedule, read only, and a few counters. */
export interface Shared {
  readonly count: number;
  readonly intendedUs: Float64Array;
  readonly route: Uint16Array;
  readonly phase: Uint16Array;
  /** Counters at the places named by `cell`, then one due count a lane. */
  readonly cells: Int32Array;
}

/** Places in `cells`. */
export const cell = {
  /** 0 while load is sent, 1 once it is to stop; the pacer sleeps on it. */
  stop: 0,
  inFlight: 1,
  /** First attempts. */
  sent: 2,
  dropped: 3,
  retries: 4,
  /** Attempts that ended, by what that means to the caller. */
  ok: 5,
  refused: 6,
  failed: 7,
  /** How much ahead the pacer publishes, as lane 0 has learned it. */
  aheadUs: 8,
  /** So many arrivals of the schedule are due, as lane 0 is told; lane n's stands n places behind. A lane sleeps on its own. */
  due: 9,
} as const;

/** Copies a schedule to where every thread can read it. */
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
