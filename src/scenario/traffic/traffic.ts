/** What is sent, and when. */
export interface Traffic {
  /** How arrivals follow their rate, unless a phase says otherwise. */
  readonly arrivals: ArrivalProcess;
  /** The most requests in flight: an arrival beyond it is counted as dropped, never queued. */
  readonly maxInFlight: number;
  readonly phases: readonly [Phase, ...Phase[]];
}

/**
 * How arrivals follow a rate. `uniform`: evenly spaced. `poisson`: independent callers, exponential gaps.
 * `mmpp`: a Poisson process whose rate jumps between a high and a low state, so that callers come in bursts.
 */
export type ArrivalProcess = { readonly kind: 'uniform' } | { readonly kind: 'poisson' } | Mmpp;

/** A Markov-modulated Poisson process of two states, whose long-run mean is the rate. */
export interface Mmpp {
  readonly kind: 'mmpp';
  /** The rate of the low state over that of the high one: 0 is on/off. */
  readonly low: number;
  /** Mean length of a high state; lengths are exponential. */
  readonly highForMs: number;
  /** Mean length of a low state. */
  readonly lowForMs: number;
}

export interface Phase {
  readonly name: string;
  readonly durationMs: number;
  /** The phase that overload bounds judge and that recovery is measured from. */
  readonly stress: boolean;
  /** How arrivals follow the rate; no effect on a shape without one. */
  readonly arrivals: ArrivalProcess;
  readonly shape: LoadShape;
  /** The rates of the shape are multiples of the measured capacity, not per second. */
  readonly ofCapacity?: true;
}

/** The load of a phase. All but `closed` are open: arrivals do not wait for answers. */
export type LoadShape =
  | { readonly kind: 'constant'; readonly ratePerSec: number }
  /** Linear, from the rate at the phase's start to that at its end. */
  | { readonly kind: 'ramp'; readonly ratePerSec: number; readonly toPerSec: number }
  /** Equal parts of the phase, each with its rate. */
  | { readonly kind: 'steps'; readonly ratesPerSec: readonly number[] }
  | Spikes
  | Burst
  | Sync
  | Replay
  | Closed;

/** From the phase's start on, and every `everyMs` after it, the rate is `peakPerSec` for `widthMs`. */
export interface Spikes {
  readonly kind: 'spikes';
  readonly ratePerSec: number;
  readonly peakPerSec: number;
  readonly widthMs: number;
  readonly everyMs: number;
}

/** A fixed number of requests in the first `withinMs`, on top of the rate. */
export interface Burst {
  readonly kind: 'burst';
  readonly ratePerSec: number;
  readonly requests: number;
  readonly withinMs: number;
}

/** Requests at one instant, on top of the rate: at the phase's start and every `everyMs` after it. */
export interface Sync {
  readonly kind: 'sync';
  readonly ratePerSec: number;
  readonly requests: number;
  /** Null: once. */
  readonly everyMs: number | null;
}

/** Arrivals from a recorded list. */
export interface Replay {
  readonly kind: 'replay';
  /** Where they were read from; absolute. */
  readonly file: string;
  readonly speed: number;
  /** Microseconds since the first of them, divided by the speed: whole, ascending, all within the phase. */
  readonly atUs: readonly number[];
  /** Index into `requests` for each of them; null where the mix decides. */
  readonly routes: readonly (number | null)[];
}

/** A recorded list as its phase will send it. */
export type ReadReplay = Omit<Replay, 'kind'>;

/** Clients that wait for each answer, think, and ask again: the service sets the rate. */
export interface Closed {
  readonly kind: 'closed';
  readonly clients: number;
  readonly think: Think;
}

/** The law of the pause between an answer and the next request. */
export type Think =
  | { readonly law: 'constant'; readonly meanMs: number }
  | { readonly law: 'exponential'; readonly meanMs: number }
  /** `sigma`: standard deviation of the logarithm. */
  | { readonly law: 'lognormal'; readonly meanMs: number; readonly sigma: number }
  /** P(X > x) falls off as x^-alpha, alpha > 1; up to 1.5 the sum of many such clients comes in bursts. */
  | { readonly law: 'pareto'; readonly meanMs: number; readonly alpha: number };
