import type { RunClock } from '../base/clock.ts';
import type { AttemptBlock } from '../evidence/dataset/attempt-block.ts';
import type { GeneratorEvent } from '../evidence/event.ts';
import type { LoadPlan } from '../plan/load-plan.ts';

/** What the load engine needs to know. */
export interface LoadOrders {
  readonly plan: LoadPlan;
  /** What arrivals are numbered from, so that several loads of one run are told apart; 0 unless given. */
  readonly firstArrival?: number;
  /** Where requests go, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /**
   * A path that no instance sees. With it every lane opens its connections and runs its code hot before the
   * first phase; without it the first arrivals pay for both. Planned routes are never used for that.
   */
  readonly warmPath?: string;
  readonly clock: RunClock;
  /** When the first phase starts, on the run clock: two seconds ahead is enough for every lane to be ready. */
  readonly loadStartUs: number;
  /**
   * Attempts as they end, a few times a second; a dropped arrival has no end, and `sentUs` is when it was
   * dropped.
   */
  readonly onAttempts: (block: AttemptBlock) => void;
}

/** Load that is being sent. */
export interface RunningLoad {
  /** Counts so far, for the screen; cheap to call. */
  progress(): LoadProgress;
  /**
   * Resolves when every arrival is sent or dropped and every attempt ended, was given up or counted unfinished.
   * Rejects with `EnvironmentError` when a thread of the generator failed: what it had sent is then incomplete.
   */
  readonly finished: Promise<LoadOutcome>;
  /** Sends nothing more; what is in flight has `drainMs` to end, then counts as unfinished. */
  stop(drainMs: number): void;
}

export interface LoadProgress {
  /** Arrivals of the schedule; those of closed phases are not among them. */
  readonly planned: number;
  /** First attempts. */
  readonly sent: number;
  readonly dropped: number;
  readonly retries: number;
  readonly inFlight: number;
  readonly ok: number;
  /** Turned away on purpose: shed, no session in time, or refused by the platform. */
  readonly refused: number;
  /** Every other end but ok. */
  readonly failed: number;
}

/** How the generator did, one entry a lane. */
export interface LoadOutcome {
  readonly lanes: readonly LaneReport[];
}

/**
 * What a lane says of itself. Lag is from the intended time to the moment the request went to its socket.
 * Loop delays are what timers of the lane were late by. `cpu_us` is the CPU time of the lane's thread, for
 * lane 0 with that of the pacer; where the system can't tell threads apart, the time the thread's loop was busy.
 */
export type LaneReport = Omit<GeneratorEvent, 't_us' | 'kind'>;
