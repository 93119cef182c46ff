import type { Seat } from './admission.ts';

/** An instance as the fleet sees it, whatever runs it. */
export interface FleetInstance {
  readonly id: string;
  /** Tells it to stop: after `graceMs` it is killed. Called once. */
  stop(graceMs: number, reason: string): void;
  /** Its first request in flight has come. */
  busy(): void;
  /** Its last request in flight has left. */
  idle(): void;
}

/** What an instance tells its fleet. `ended` comes once, last, and in any state. */
export interface InstanceWatch<E> {
  /** All its startup probes have passed. */
  ready(startupUs: number): void;
  /** Its readiness probe has changed its answer. */
  available(yes: boolean): void;
  ended(end: E): void;
}

/** One of the `concurrency` places of an instance, taken by a request. */
export interface Place<I> extends Seat {
  readonly instance: I;
}

/** An instance in its fleet. `draining`: takes nothing new, ends what it has, is stopped then. */
export interface Member<I> extends Place<I> {
  state: 'starting' | 'ready' | 'draining' | 'stopping';
  idleSinceUs: number;
  /** A request may hold it up no longer than the longest request may last. */
  drainUntilUs: number;
  /** Why it is to stop, while it drains. */
  reason: string;
}

/** How many instances there are, by what they do. Draining ones still hold what they hold. */
export interface MemberCounts {
  readonly starting: number;
  readonly ready: number;
  readonly stopping: number;
}

export function countMembers(members: Iterable<Member<FleetInstance>>): MemberCounts {
  const counts = { starting: 0, ready: 0, stopping: 0 };
  for (const { state } of members) counts[state === 'draining' ? 'stopping' : state] += 1;
  return counts;
}

/** How many of them count as the minimum now. */
export function keptOf(members: Iterable<Member<FleetInstance>>): number {
  let kept = 0;
  for (const { preferred, state } of members)
    if (preferred && (state === 'starting' || state === 'ready')) kept += 1;
  return kept;
}
