import type { FleetObservation, ReadyInstance, ScalingDecision, ScalingLimits } from './scaler.ts';

/** The durations (microseconds) and the target that scaling uses. */
export interface ScalingTimes {
  readonly targetUtilization: number;
  readonly surplusHoldUs: number;
  readonly idleRetentionUs: number;
}

/**
 * On demand: how many instances the queue needs at once. Those that are starting already will take
 * starting x concurrency of the queued requests; only what is beyond needs more.
 */
export function startsForQueue(
  seen: Pick<FleetObservation, 'queued' | 'starting' | 'ready' | 'stopping'>,
  limits: ScalingLimits,
): number {
  const uncovered = seen.queued - seen.starting * limits.concurrency;
  const room = limits.maxInstances - (seen.starting + seen.ready + seen.stopping);
  return Math.max(0, Math.min(Math.ceil(uncovered / limits.concurrency), room));
}

/**
 * By metrics, once a tick: desired = ceil(average in flight / (concurrency x target utilization)), within
 * the minimum and the maximum. A fleet at zero is only woken by a request, never by an average.
 */
export function decideScale(
  nowUs: number,
  averageInFlight: number,
  seen: FleetObservation,
  limits: ScalingLimits,
  times: ScalingTimes,
): ScalingDecision {
  const serving = seen.starting + seen.ready;
  const desired = desiredInstances(averageInFlight, limits, times.targetUtilization);
  const room = Math.max(0, limits.maxInstances - serving - seen.stopping);
  const missing = Math.max(0, limits.minInstances - serving);
  const wanted = serving === 0 ? missing : Math.max(missing, desired - serving);
  const start = Array.from({ length: Math.min(wanted, room) }, (_, index) =>
    index < missing ? ('MIN_INSTANCES' as const) : ('AUTOSCALING' as const),
  );
  return { start, stop: chooseStops(nowUs, seen, desired, limits, times) };
}

function desiredInstances(averageInFlight: number, limits: ScalingLimits, targetUtilization: number): number {
  const exact = averageInFlight / (limits.concurrency * targetUtilization);
  // Six decimals, so that 0.6 x 3 = 1.7999999999999998 does not ask for one instance more.
  const wanted = Math.ceil(Math.round(exact * 1e6) / 1e6);
  return Math.min(limits.maxInstances, Math.max(limits.minInstances, wanted));
}

/**
 * Idle ones, the longest idle first: surplus after the hold, the last ones after the retention. When all
 * have been idle for the retention, the average no longer keeps any: in real time it has been zero for long.
 */
function chooseStops(
  nowUs: number,
  seen: FleetObservation,
  desired: number,
  limits: ScalingLimits,
  times: ScalingTimes,
): readonly string[] {
  const idleUs = (member: ReadyInstance): number => (member.inFlight > 0 ? 0 : nowUs - member.idleSinceUs);
  const isExpired = (member: ReadyInstance): boolean => idleUs(member) >= times.idleRetentionUs;
  const needed = seen.queued === 0 && seen.members.every(isExpired) ? limits.minInstances : desired;
  const stop: string[] = [];
  for (const member of [...seen.members].sort(leastWantedFirst)) {
    const left = seen.starting + seen.ready - stop.length;
    // A lowered maximum applies at once; busy instances finish their requests first.
    if (left > limits.maxInstances) stop.push(member.id);
    if (member.inFlight > 0 || left > limits.maxInstances) continue;
    const surplus = left > Math.max(desired, 1) && idleUs(member) >= times.surplusHoldUs;
    if (surplus || (left > needed && isExpired(member))) stop.push(member.id);
  }
  return stop;
}

function leastWantedFirst(one: ReadyInstance, other: ReadyInstance): number {
  return (
    Number(one.preferred) - Number(other.preferred) ||
    one.inFlight - other.inFlight ||
    one.idleSinceUs - other.idleSinceUs
  );
}
