import type { Budget } from '../contract/budget.ts';
import type { ServerLimits } from '../contract/contract.ts';
import type { StaticCheck } from '../contract/static-checks.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Everything that is decided before anything is sent. Same scenario and seed: the same plan, to the byte. */
export interface RunPlan {
  readonly scenario: Scenario;
  readonly limits: ServerLimits;
  readonly budget: Budget;
  readonly checks: readonly StaticCheck[];
  readonly phases: readonly PlannedPhase[];
  readonly arrivals: Arrivals;
  /** Hex SHA-256 over every arrival's intended time, route and phase. */
  readonly scheduleHash: string;
  readonly predictions: readonly Prediction[];
}

/** A phase on the load's own timeline; microseconds since the first phase starts. */
export interface PlannedPhase {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly ratePerSec: number;
  readonly rampToPerSec: number;
  readonly stress: boolean;
  /** Arrivals of the schedule in this phase, all routes. */
  readonly arrivals: number;
  /** The same per route, in the order of `scenario.requests`. */
  readonly arrivalsPerRoute: readonly number[];
}

/** The schedule, one entry an arrival, in time order. */
export interface Arrivals {
  readonly count: number;
  /** Intended start, microseconds since load start; whole numbers. */
  readonly intendedUs: Float64Array;
  /** Index into `scenario.requests`. */
  readonly route: Uint16Array;
  /** Index into `phases`. */
  readonly phase: Uint16Array;
}

/** What queueing theory expects, to hold the measurement against. */
export interface Prediction {
  readonly id: string;
  /** In words, with the formula: shown by `plan` and beside the measurement. */
  readonly statement: string;
  readonly phase: string;
  readonly value: number;
  readonly unit: 'sessions' | 'ms' | 'per_sec' | 'ratio';
}
