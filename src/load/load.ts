import type { RunClock } from '../base/clock.ts';
import type { Attempt } from '../evidence/attempt.ts';
import type { GeneratorEvent } from '../evidence/event.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** What the load engine needs to know. */
export interface LoadOrders {
  readonly plan: RunPlan;
  /** Where requests go, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly clock: RunClock;
  /** When the first phase starts, on the run clock; far enough ahead that every lane is ready. */
  readonly loadStartUs: number;
  readonly onAttempts: (batch: readonly Attempt[]) => void;
}

/** Load that is being sent. */
export interface RunningLoad {
  /** Counts so far, for the screen; cheap to call. */
  progress(): LoadProgress;
  /** Resolves when every arrival is sent or dropped and every attempt ended, was given up or counted unfinished. */
  readonly finished: Promise<LoadOutcome>;
  /** Sends nothing more; what is in flight has `drainMs` to end, then counts as unfinished. */
  stop(drainMs: number): void;
}

export interface LoadProgress {
  readonly planned: number;
  readonly sent: number;
  readonly dropped: number;
  readonly inFlight: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
}

/** How the generator did, one entry a lane. */
export interface LoadOutcome {
  readonly lanes: readonly Omit<GeneratorEvent, 't_us' | 'kind'>[];
}
