import type { Budget } from '../contract/budget.ts';
import type { ServerLimits } from '../contract/contract.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ArrivalProcess } from '../scenario/traffic/traffic.ts';
import type { PlannedCapacity } from './capacity.ts';

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
  /** The capacity that relative rates are multiples of; absent where no rate is relative. */
  readonly capacity?: PlannedCapacity;
}

/** A phase on the load's own timeline; microseconds since the first phase starts. */
export interface PlannedPhase {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  /** The rate at the start of a ramp; otherwise the mean planned rate, 0 for a closed phase. */
  readonly ratePerSec: number;
  /** The rate at the end of a ramp; otherwise the mean planned rate. */
  readonly rampToPerSec: number;
  /** The highest planned rate; for bursts and replays, the most arrivals in any second. */
  readonly peakPerSec: number;
  /** The load in words: `200/s`, `20/s to 200/s`, `300 requests within 1 s`. */
  readonly shape: string;
  /** The process that arrivals follow; null where they are recorded, all at once, or closed. */
  readonly process: ArrivalProcess['kind'] | null;
  /** Clients that wait for their answers, and their mean think time; null where the phase is open. */
  readonly closed: { readonly clients: number; readonly thinkMs: number } | null;
  /** Realised variance over mean of the arrivals in windows of 1 s; null under two windows or without arrivals. */
  readonly dispersion: number | null;
  /** The same for long windows in theory; null unless the phase is an mmpp at one rate. */
  readonly longRunDispersion: number | null;
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

/** What queueing theory expects, to compare measurements with. */
export interface Prediction {
  readonly id: string;
  /** In words, with the formula: shown by `plan` and beside the measurement. */
  readonly statement: string;
  readonly phase: string;
  readonly value: number;
  readonly unit: 'sessions' | 'ms' | 'per_sec' | 'ratio';
}
