/** Why an instance is started: the words of Cloud Run's system log. */
export type StartReason = 'AUTOSCALING' | 'DEPLOYMENT_ROLLOUT' | 'MIN_INSTANCES';

/** What bounds a fleet at this moment. */
export interface ScalingLimits {
  readonly concurrency: number;
  readonly minInstances: number;
  readonly maxInstances: number;
}

/** What a scaler sees of a fleet. */
export interface FleetObservation {
  /** Requests that wait for an instance. */
  readonly queued: number;
  /** Requests that instances have. */
  readonly inFlight: number;
  readonly starting: number;
  readonly ready: number;
  /** Told to stop, but their processes are still there: they count towards the maximum. */
  readonly stopping: number;
  /** Those that are ready, with what each has in flight. */
  readonly members: readonly ReadyInstance[];
  /** Whether requests can still reach this fleet: it has traffic or a tag. */
  readonly reachable: boolean;
}

export interface ReadyInstance {
  readonly id: string;
  readonly inFlight: number;
  /** When its last request ended; meaningless while it has one. */
  readonly idleSinceUs: number;
  /** One of the minimum: stopped last. */
  readonly preferred: boolean;
}

export interface ScalingDecision {
  /** One entry for each instance to start. */
  readonly start: readonly StartReason[];
  /** Ids of members to stop. Requests in flight are finished first. */
  readonly stop: readonly string[];
}

/** Decides how many instances a fleet has. Holds its window of observations; no clock, no I/O. */
export interface Scaler {
  /** The load has changed at this moment. */
  load(nowUs: number, load: { readonly inFlight: number; readonly queued: number }): void;
  /** How many instances the queue needs at once, whenever a request had to wait. */
  startsForQueue(nowUs: number, seen: FleetObservation, limits: ScalingLimits): number;
  /** Once a tick. */
  decide(nowUs: number, seen: FleetObservation, limits: ScalingLimits): ScalingDecision;
}
