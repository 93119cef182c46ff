import type { FleetObservation, ReadyInstance, ScalingDecision, StartReason } from '../fleet/scaler.ts';

/** Up to which counts of instances a start has another reason than the load. */
export interface StartReasons {
  readonly minScale: number;
  /** 0 once it was there. */
  readonly initialScale: number;
}

/**
 * What brings the fleet to its scale. Instances that stop don't count against it, so that for the time of their
 * draining there are more than the maximum, as in a cluster. Instances that start can't be called back: when
 * they are too many, they go once they are ready.
 */
export function changesToward(scale: number, seen: FleetObservation, reasons: StartReasons): ScalingDecision {
  const serving = seen.starting + seen.ready;
  return {
    start: Array.from({ length: Math.max(0, scale - serving) }, (_, index) =>
      reasonOf(serving + index, reasons),
    ),
    stop: stopOrder(seen.members).slice(0, Math.max(0, seen.ready - scale)),
  };
}

function reasonOf(before: number, { minScale, initialScale }: StartReasons): StartReason {
  if (before < minScale) return 'MIN_INSTANCES';
  return before < initialScale ? 'DEPLOYMENT_ROLLOUT' : 'AUTOSCALING';
}

/** Those with the least in flight first, of these the longest idle. */
function stopOrder(members: readonly ReadyInstance[]): readonly string[] {
  return [...members]
    .sort((one, other) => one.inFlight - other.inFlight || one.idleSinceUs - other.idleSinceUs)
    .map(({ id }) => id);
}
