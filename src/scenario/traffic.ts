export interface Traffic {
  readonly arrivals: ArrivalProcess;
  /** Beyond so many requests in flight an arrival is counted as dropped, never queued. */
  readonly maxInFlight: number;
  readonly phases: readonly [Phase, ...Phase[]];
}

/** `uniform`: evenly spaced. `poisson`: independent callers, exponential gaps. */
export type ArrivalProcess = 'uniform' | 'poisson';

export interface Phase {
  readonly name: string;
  readonly durationMs: number;
  readonly ratePerSec: number;
  /** Rate at the end of the phase, reached linearly. */
  readonly rampToPerSec?: number;
  /** The phase that overload bounds judge and that recovery is measured from. */
  readonly stress: boolean;
}
