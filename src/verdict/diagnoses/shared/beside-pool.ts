import { countAt, episodesAbove } from '../../../evidence/sessions/steps.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** Shorter than any request needs to reach an instance that has just begun. */
const settledUs = 1_000_000;

/** Sessions of an instance that are not of its declared pools. */
export interface BesidePool {
  /** The most sessions that one instance held. */
  readonly most: number;
  /** How many of them are more than its pools may hold. */
  readonly beyond: number;
  /** How many sessions an instance held before it was asked anything, the minimum of its pools left out. */
  readonly atStart: number;
}

/**
 * What an instance holds beyond its pools and had opened before it was asked anything. Null where there is nothing of the
 * kind, and where it may as well be the pool of another process: those are as large as the declared one.
 */
export function besideItsPool(run: RunFacts, service: ServiceFacts): BesidePool | null {
  const { contract } = service;
  const atStart = sessionsAtStart(run, service);
  const most = deepestForLong(run, service);
  const beyond = most - contract.poolMax * contract.workersPerInstance;
  if (atStart === 0 || beyond <= 0 || beyond > atStart || beyond % contract.poolMax === 0) return null;
  return { most, beyond, atStart };
}

/** The most sessions above its claim that one instance held for longer than replacing a session takes; 0 if none did. */
export function deepestForLong(
  { endUs }: RunFacts,
  { contract, perInstance, thresholds }: ServiceFacts,
): number {
  const allowed = contract.poolMax * contract.workersPerInstance;
  return [...perInstance.values()]
    .flatMap((steps) => episodesAbove(steps, allowed, endUs))
    .filter(({ fromUs, toUs }) => toUs - fromUs >= 1000 * thresholds.tauCloseMs)
    .reduce((most, { peak }) => Math.max(most, peak), 0);
}

/** The median over the instances; 0 where nobody knows. */
function sessionsAtStart({ evidence, load }: RunFacts, { contract, perInstance }: ServiceFacts): number {
  const askedUs = new Map<string, number>();
  for (const { instance, receivedUs } of evidence.attempts)
    if (instance !== null && receivedUs !== null)
      askedUs.set(instance, Math.min(receivedUs, askedUs.get(instance) ?? Infinity));
  const counts = evidence.events
    .flatMap((event) => {
      if (event.kind !== 'instance' || event.state !== 'ready' || event.service !== contract.name) return [];
      const untilUs = Math.min(
        (askedUs.get(event.instance) ?? load?.fromUs ?? Infinity) - 1,
        event.t_us + settledUs,
      );
      return untilUs <= event.t_us ? [] : [countAt(perInstance.get(event.instance) ?? [], untilUs)];
    })
    .sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  return Math.max(0, median - contract.poolMin * contract.workersPerInstance);
}
