import type { Rules } from '../rules.ts';
import { InFlightAverage } from './in-flight-average.ts';
import type { Profile } from './profile.ts';
import type { FleetObservation, Scaler, ScalingDecision, ScalingLimits } from './scaler.ts';
import { decideScale, startsForQueue, type ScalingTimes } from './scaling.ts';

/** Cloud Run by its documented rules. */
export function makeCloudRunProfile(rules: Rules): Profile {
  return {
    name: 'cloudrun',
    tickMs: rules.scalingTickMs,
    makeScaler: (nowUs) => new CloudRunScaler(nowUs, rules),
    pendingLimitUs: (averageStartupUs) =>
      Math.max(rules.minPendingMs * 1000, rules.pendingStartupFactor * (averageStartupUs ?? 0)),
    // No depth is documented: only the time bounds the queue.
    queueDepth: () => Infinity,
    balancing: () => 'two_choices',
    prefersMinimum: true,
  };
}

class CloudRunScaler implements Scaler {
  readonly #average: InFlightAverage;
  readonly #times: ScalingTimes;

  constructor(nowUs: number, rules: Rules) {
    this.#average = new InFlightAverage(nowUs, rules.averageWindowMs);
    this.#times = {
      targetUtilization: rules.targetUtilization,
      surplusHoldUs: rules.surplusHoldMs * 1000,
      idleRetentionUs: rules.idleRetentionMs * 1000,
    };
  }

  load(nowUs: number, { inFlight }: { readonly inFlight: number }): void {
    this.#average.set(nowUs, inFlight);
  }

  startsForQueue(_nowUs: number, seen: FleetObservation, limits: ScalingLimits): number {
    return startsForQueue(seen, limits);
  }

  decide(nowUs: number, seen: FleetObservation, limits: ScalingLimits): ScalingDecision {
    return decideScale(nowUs, this.#average.average(nowUs), seen, limits, this.#times);
  }
}
