/** Why an instance is started: the words of Cloud Run's system log. */
export type StartReason = 'AUTOSCALING' | 'DEPLOYMENT_ROLLOUT' | 'MIN_INSTANCES';

/** What the scaler may do, and when. Times in microseconds. */
export interface ScalingSpec {
  readonly concurrency: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly targetUtilization: number;
  readonly surplusHoldUs: number;
  readonly idleRetentionUs: number;
}

/** What the scaler sees of a fleet. */
export interface FleetObservation {
  readonly queued: number;
  readonly starting: number;
  readonly ready: number;
  /** Told to stop, but their process is still there: they count against the maximum. */
  readonly stopping: number;
  /** Requests in flight, averaged over the window. */
  readonly averageInFlight: number;
  readonly idle: readonly IdleInstance[];
}

export interface IdleInstance {
  readonly id: string;
  readonly idleSinceUs: number;
  /** One of the minimum: stopped last. */
  readonly preferred: boolean;
}

export interface ScalingDecision {
  /** One entry an instance to start. */
  readonly start: readonly StartReason[];
  readonly stop: readonly string[];
}

/**
 * On demand: how many instances the queue needs at once. Those that are starting already will take
 * starting x concurrency of the queued requests; only what is beyond needs more.
 */
export function startsForQueue(
  seen: Pick<FleetObservation, 'queued' | 'starting' | 'ready' | 'stopping'>,
  spec: ScalingSpec,
): number {
  const uncovered = seen.queued - seen.starting * spec.concurrency;
  const room = spec.maxInstances - (seen.starting + seen.ready + seen.stopping);
  return Math.max(0, Math.min(Math.ceil(uncovered / spec.concurrency), room));
}

/**
 * By metrics, once a tick: desired = ceil(average in flight / (concurrency x target utilization)), within
 * the minimum and the maximum. A fleet at zero is only woken by a request, never by an average.
 */
export function decideScale(nowUs: number, seen: FleetObservation, spec: ScalingSpec): ScalingDecision {
  const serving = seen.starting + seen.ready;
  const desired = desiredInstances(seen.averageInFlight, spec);
  const room = Math.max(0, spec.maxInstances - serving - seen.stopping);
  const missing = Math.max(0, spec.minInstances - serving);
  const wanted = serving === 0 ? missing : Math.max(missing, desired - serving);
  const start = Array.from({ length: Math.min(wanted, room) }, (_, index) =>
    index < missing ? ('MIN_INSTANCES' as const) : ('AUTOSCALING' as const),
  );
  return { start, stop: chooseStops(nowUs, seen, desired, spec) };
}

function desiredInstances(averageInFlight: number, spec: ScalingSpec): number {
  const exact = averageInFlight / (spec.concurrency * spec.targetUtilization);
  // Six decimals, so that 0.6 x 3 = 1.7999999999999998 does not ask for one instance more.
  const wanted = Math.ceil(Math.round(exact * 1e6) / 1e6);
  return Math.min(spec.maxInstances, Math.max(spec.minInstances, wanted));
}

/** Idle ones only, the longest idle first: surplus after the hold, the last one after the retention. */
function chooseStops(
  nowUs: number,
  seen: FleetObservation,
  desired: number,
  spec: ScalingSpec,
): readonly string[] {
  const order = [...seen.idle].sort(
    (a, b) => Number(a.preferred) - Number(b.preferred) || a.idleSinceUs - b.idleSinceUs,
  );
  const stop: string[] = [];
  for (const instance of order) {
    const left = seen.starting + seen.ready - stop.length;
    const idleUs = nowUs - instance.idleSinceUs;
    const surplus = left > Math.max(desired, 1) && idleUs >= spec.surplusHoldUs;
    const expired = left > desired && idleUs >= spec.idleRetentionUs;
    if (surplus || expired) stop.push(instance.id);
  }
  return stop;
}
