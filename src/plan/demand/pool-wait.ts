import { formatMs, trim } from '../../base/units.ts';
import type { Fleet } from './fleet.ts';
import { atPeak, peakRate } from '../planned-phases.ts';
import { impatientQueue } from '../queueing/mmcd.ts';
import { lastPlaceWaitSec } from '../queueing/elementary.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/**
 * Where requests wait, and how many give up. Pools are per instance, so the queue is that of one instance with its share
 * of the arrivals. If the instance takes so few requests at once that the last one admitted waits less than the acquire
 * timeout, that timeout practically can't fire: requests queue in front of the platform instead.
 */
export function predictPoolWait(phase: PlannedPhase, fleet: Fleet): Prediction[] {
  const rate = peakRate(phase);
  const holdSec = fleet.holdSec / fleet.holdShare;
  const lastWaitSec = lastPlaceWaitSec(fleet.sessionsEach, fleet.placesEach, 1 / holdSec);
  const wait =
    lastWaitSec < fleet.acquireTimeoutSec
      ? frontQueue(phase, fleet, lastWaitSec)
      : acquireTimeouts(phase, fleet, rate, holdSec);
  const isReachable = lastWaitSec >= fleet.acquireTimeoutSec;
  if (rate <= fleet.capacityPerSec) return [wait];
  const slow =
    isReachable && rate > clearlyOver * fleet.capacityPerSec ? [slowSuccess(phase, fleet, holdSec)] : [];
  return [wait, ...slow, refused(phase, fleet, rate)];
}

/** Closer to the capacity than this the queue is not always full. */
const clearlyOver = 1.1;

/** A first-come, first-served queue slows everyone down before anyone fails: served requests have waited about tau. */
function slowSuccess(phase: PlannedPhase, fleet: Fleet, holdSec: number): Prediction {
  const value = (fleet.acquireTimeoutSec + holdSec) * 1000;
  return {
    id: atPeak('success_p50', phase),
    phase: phase.name,
    value,
    unit: 'ms',
    statement:
      `overloaded, a request that is served has waited nearly as long as one that is not: p50 about ` +
      `${formatMs(fleet.acquireTimeoutSec * 1000)} + ${formatMs(holdSec * 1000)} = ${formatMs(value)}`,
  };
}

function frontQueue(phase: PlannedPhase, fleet: Fleet, lastWaitSec: number): Prediction {
  const { placesEach, sessionsEach, acquireTimeoutSec } = fleet;
  return {
    id: 'front_queue',
    phase: phase.name,
    value: lastWaitSec * 1000,
    unit: 'ms',
    statement:
      `an instance takes ${placesEach} requests for ${sessionsEach} sessions: the last one admitted waits ` +
      `(K - c) S / c = ${formatMs(lastWaitSec * 1000)} on average, less than the acquire timeout of ` +
      `${formatMs(acquireTimeoutSec * 1000)}, which practically can't fire; overload waits in front of the platform`,
  };
}

function acquireTimeouts(phase: PlannedPhase, fleet: Fleet, rate: number, holdSec: number): Prediction {
  const each = (rate * fleet.holdShare) / fleet.instances;
  const { timesOut } = impatientQueue({
    servers: fleet.sessionsEach,
    ratePerSec: each,
    servicePerSec: 1 / holdSec,
    patienceSec: fleet.acquireTimeoutSec,
  });
  return {
    id: atPeak('acquire_timeout_share', phase),
    phase: phase.name,
    value: timesOut,
    unit: 'ratio',
    statement:
      `per instance ${trim(each, 2)}/s for ${fleet.sessionsEach} sessions held ${trim(holdSec * 1000, 2)} ms: ` +
      `${percent(timesOut)} of them give up after ${formatMs(fleet.acquireTimeoutSec * 1000)} (M/M/c+D)`,
  };
}

function refused(phase: PlannedPhase, fleet: Fleet, rate: number): Prediction {
  const value = rate - fleet.capacityPerSec;
  return {
    id: atPeak('refused_rate', phase),
    phase: phase.name,
    value,
    unit: 'per_sec',
    statement:
      `lambda - capacity = ${trim(rate, 2)} - ${trim(fleet.capacityPerSec, 2)} = ${trim(value, 2)}/s ` +
      'must be refused, by whichever limit is met first',
  };
}

function percent(share: number): string {
  return share > 0 && share < 0.0001 ? 'less than 0.01 %' : `${trim(share * 100, 2)} %`;
}
