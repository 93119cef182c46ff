import type { RunClock } from '../base/clock.ts';
import type { Stall } from '../base/stall-watch.ts';
import type { AttemptBlock } from '../evidence/dataset/attempt-block.ts';
import type { GeneratorEvent } from '../evidence/event.ts';
import type { LoadPlan } from '../plan/load-plan.ts';

/** What the load engine needs to know. */
export interface LoadOrders {
  readonly plan: LoadPlan;
  /** The number of the first arrival, so that several loads of one run can be told apart; 0 unless given. */
  readonly firstArrival?: number;
  /** Where requests go, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /**
   * A path that reaches no instance. Every lane warms up on it: it opens its connections and runs its code hot before
   * the first phase. Without it the first arrivals pay for both. Planned routes are never used for warming up.
   */
  readonly warmPath?: string;
  readonly clock: RunClock;
  /** When the first phase starts, on the run clock: two seconds ahead is enough for every lane to be ready. */
  readonly loadStartUs: number;
  /**
   * Called with the attempts that have ended, a few times a second. For a dropped arrival `sentUs` is when it was
   * dropped.
   */
  readonly onAttempts: (block: AttemptBlock) => void;
  /** Called after each time in which a lane could not run. */
  readonly onStall?: (stall: Stall) => void;
}

/** Load that is being sent. */
export interface RunningLoad {
  /** Counts so far, for the screen; cheap to call. */
  progress(): LoadProgress;
  /**
   * Resolves when every arrival was sent or dropped and every attempt has ended, timed out or been cut off.
   * Rejects with `KnownError` when a thread of the generator fails: the record of what it sent is incomplete.
   */
  readonly finished: Promise<LoadOutcome>;
  /** Sends nothing more. What is in flight has `drainMs` to end; after that it counts as unfinished. */
  stop(drainMs: number): void;
}

export interface LoadProgress {
  /** Arrivals of the schedule, without those of closed phases. */
  readonly planned: number;
  /** First attempts. */
  readonly sent: number;
  readonly dropped: number;
  readonly retries: number;
  readonly inFlight: number;
  readonly ok: number;
  /** Shed, without a session in time, or refused by the platform. */
  readonly refused: number;
  /** Every other end that is not ok. */
  readonly failed: number;
}

/** How punctual the generator was, one entry per lane. */
export interface LoadOutcome {
  readonly lanes: readonly LaneReport[];
}

/**
 * Lag runs from the intended time until the request went to its socket. Loop delays are how late timers of the lane
 * were. `cpu_us` is the CPU time of the lane's thread, for lane 0 together with the pacer's; on systems without CPU
 * times per thread, it is the time that the thread's event loop was busy.
 */
export type LaneReport = Omit<GeneratorEvent, 't_us' | 'kind'>;
