import type { Balancing, Profile } from '../fleet/profile.ts';
import type { ScalingLimits } from '../fleet/scaler.ts';
import { readKnativeSpec } from './annotations.ts';
import { throttlerCapacity, waitingPlaces } from './breaker.ts';
import { knativeDefaults, knativeTickMs } from './defaults.ts';
import { KnativeScaler } from './knative-scaler.ts';

/**
 * Knative as its source says, for a revision with these annotations. Where one is not understood the shipped
 * default stands in; `readKnativeSpec` tells which.
 */
export function makeKnativeProfile(annotations: Readonly<Record<string, string>>): Profile {
  const { spec } = readKnativeSpec(annotations);
  return {
    name: 'knative',
    tickMs: knativeTickMs,
    makeScaler: (nowUs, { concurrency }, ready) => new KnativeScaler(nowUs, spec, concurrency, ready),
    // A request waits until its own timeout.
    pendingLimitUs: () => null,
    queueDepth: (limits, ready) => queueDepth(limits, ready, spec.targetBurstCapacity),
    balancing: balancingOf,
    prefersMinimum: false,
  };
}

/**
 * Requests wait in one queue before all instances. With a burst to keep room for that is the activator's: a queue
 * means that every place is taken, so the capacity left is below the burst, and the activator is in the path. So
 * it is with no instance at all. With none to keep room for (0) requests go straight to the instances, and
 * their proxies' queues add up. While a request waits, every place is taken.
 */
function queueDepth({ concurrency }: ScalingLimits, ready: number, targetBurstCapacity: number): number {
  const capacity = throttlerCapacity(concurrency, ready);
  if (capacity === Infinity) return Infinity;
  const depth =
    targetBurstCapacity !== 0 || ready === 0
      ? knativeDefaults.activatorQueueDepth
      : knativeDefaults.instanceQueueFactor * capacity;
  return waitingPlaces({ queueDepth: depth, maxConcurrency: capacity }, capacity);
}

function balancingOf({ concurrency }: ScalingLimits): Balancing {
  if (concurrency === 0) return 'two_choices';
  return concurrency <= 3 ? 'first_available' : 'round_robin';
}
