import type { Candidate } from './admission.ts';

/** An instance as the fleet sees it, whatever runs it. */
export interface FleetInstance {
  readonly id: string;
  /** Tells it to stop; it is killed after `graceMs`. A second call can only shorten the grace. */
  stop(graceMs: number, reason: string): void;
  /** It has gone from no request in flight to one. */
  busy(): void;
  /** Its last request in flight has ended. */
  idle(): void;
}

/** What an instance tells its fleet. `ended` comes once, last, and in any state; `leaving` comes before it. */
export interface InstanceWatch<E> {
  /** All its startup probes have passed. */
  ready(startupUs: number): void;
  /** Its readiness probe has changed its answer. */
  available(yes: boolean): void;
  /** It serves nothing more, though parts of it may take a while to go. */
  leaving(): void;
  ended(end: E): void;
}

/** One of an instance's `concurrency` places, taken by a request. */
export interface Place<I> extends Candidate {
  readonly instance: I;
}

/** An instance in its fleet. `draining`: it takes no new requests, finishes those it has, and is then stopped. */
export interface Member<I> extends Place<I> {
  state: 'starting' | 'ready' | 'draining' | 'stopping';
  idleSinceUs: number;
  /** It drains no longer than the request timeout. */
  drainUntilUs: number;
  /** Why it is to stop, while it drains. */
  reason: string;
}
