import type { Candidate } from './admission.ts';

/** An instance as the fleet sees it, whatever runs it. */
export interface FleetInstance {
  readonly id: string;
  /** Tells it to stop: after `graceMs` it is killed. Told again, it has no longer than the new grace either. */
  stop(graceMs: number, reason: string): void;
  /** Its first request in flight has come. */
  busy(): void;
  /** Its last request in flight has left. */
  idle(): void;
}

/** What an instance tells its fleet. `ended` comes once, last, and in any state; `leaving` comes before it. */
export interface InstanceWatch<E> {
  /** All its startup probes have passed. */
  ready(startupUs: number): void;
  /** Its readiness probe has changed its answer. */
  available(yes: boolean): void;
  /** It has come to its end and serves nothing more, though something of it may still be there for a while. */
  leaving(): void;
  ended(end: E): void;
}

/** One of the `concurrency` places of an instance, taken by a request. */
export interface Place<I> extends Candidate {
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
