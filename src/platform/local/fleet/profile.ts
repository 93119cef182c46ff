import type { Scaler, ScalingLimits } from './scaler.ts';

/** Why a request is refused without ever reaching an instance. */
export type Refusal =
  | 'no_instance'
  | 'no_instance_below_max'
  | 'startup_failed'
  | 'queue_full'
  | 'timeout'
  | 'stopping';

/** How a request is balanced among instances that could take it. */
export type Balancing = 'two_choices' | 'first_available' | 'round_robin';

/**
 * How a fleet behaves: the documented rules of Cloud Run, or those of Knative's source. One file each; a fleet
 * follows one of them and never a mixture.
 */
export interface Profile {
  readonly name: 'cloudrun' | 'knative';
  /** How often the scaler decides. */
  readonly tickMs: number;
  /** A scaler for a fleet that starts with `ready` instances. */
  makeScaler(nowUs: number, limits: ScalingLimits, ready: number): Scaler;
  /** How long a request waits for an instance; null: until its own timeout. */
  pendingLimitUs(averageStartupUs: number | null): number | null;
  /** How many requests may wait; one more is refused with `queue_full`. */
  queueDepth(limits: ScalingLimits, ready: number): number;
  balancing(limits: ScalingLimits): Balancing;
  /** Whether requests go to the instances of the minimum first. */
  readonly prefersMinimum: boolean;
}
