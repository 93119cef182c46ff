import type { Random } from '../../base/random.ts';
import { Admission, type Seat } from './admission.ts';
import { InFlightAverage } from './in-flight-average.ts';
import type { Rules } from './rules.ts';
import { decideScale, startsForQueue, type ScalingSpec, type StartReason } from './scaling.ts';
import { StartupRecord } from './startup-record.ts';

/** An instance as the fleet sees it, whatever runs it. */
export interface FleetInstance {
  /** Tells it to stop: after `graceMs` it is killed. */
  stop(graceMs: number, reason: string): void;
}

/** What an instance tells its fleet. `ended` comes once, last, and in any state. */
export interface InstanceWatch<E> {
  ready(startupUs: number): void;
  ended(end: E): void;
}

/** Why a request is refused without ever reaching an instance. */
export type Refusal = 'no_instance' | 'no_instance_below_max' | 'startup_failed' | 'timeout' | 'stopping';

/** A request as the fleet sees it. Exactly one of the two is called, once. */
export interface Caller<I> {
  readonly arrivedUs: number;
  handTo(place: Place<I>): void;
  refuse(reason: Refusal): void;
}

/** One of the `concurrency` places of an instance, taken by a request. */
export interface Place<I> extends Seat {
  readonly instance: I;
}

export interface FleetOrders<I extends FleetInstance, E> {
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly concurrency: number;
  readonly requestTimeoutMs: number;
  readonly rules: Rules;
  readonly random: Random;
  readonly nowUs: () => number;
  readonly launch: (reason: StartReason, watch: InstanceWatch<E>) => I;
}

interface Ticket<I> {
  readonly caller: Caller<I>;
  readonly deadlineUs: number;
  readonly limit: 'pending' | 'timeout';
}

interface Member<I> extends Place<I> {
  state: 'starting' | 'ready' | 'stopping';
  idleSinceUs: number;
}

/** The instances of one revision, the requests that wait for them, and the decision to start and stop them. */
export class Fleet<I extends FleetInstance, E> {
  readonly #orders: FleetOrders<I, E>;
  readonly #spec: ScalingSpec;
  readonly #admission: Admission<Member<I>, Ticket<I>>;
  readonly #average: InFlightAverage;
  readonly #startups = new StartupRecord();
  readonly #members = new Set<Member<I>>();
  readonly #gone: (() => void)[] = [];
  #stopping = false;

  constructor(orders: FleetOrders<I, E>) {
    this.#orders = orders;
    this.#spec = {
      concurrency: orders.concurrency,
      minInstances: orders.minInstances,
      maxInstances: orders.maxInstances,
      targetUtilization: orders.rules.targetUtilization,
      surplusHoldUs: orders.rules.surplusHoldMs * 1000,
      idleRetentionUs: orders.rules.idleRetentionMs * 1000,
    };
    this.#admission = new Admission(orders.concurrency, orders.random);
    this.#average = new InFlightAverage(orders.nowUs(), orders.rules.averageWindowMs);
  }

  /** The start that a deployment makes to see whether the revision works. Null when it does. */
  deploy(): Promise<E | null> {
    return new Promise((resolve) => this.#launch('DEPLOYMENT_ROLLOUT', resolve));
  }

  /** A request has arrived: it is handed on now or later, or refused. */
  request(caller: Caller<I>): void {
    if (this.#stopping) {
      caller.refuse('stopping');
      return;
    }
    const member = this.#admission.admit();
    if (member !== null) {
      this.#load();
      caller.handTo(member);
      return;
    }
    this.#admission.enqueue(this.#ticketOf(caller));
    this.#startForQueue();
  }

  /** The instance has answered: its place is free. */
  release(place: Place<I>): void {
    const member = place as Member<I>;
    this.#admission.release(member);
    if (member.inFlight === 0) member.idleSinceUs = this.#orders.nowUs();
    this.#load();
    this.#serveQueue();
  }

  /** Refuses those who waited too long, and starts what the queue needs. Called every few milliseconds. */
  sweep(): void {
    const nowUs = this.#orders.nowUs();
    for (const ticket of this.#admission.expire(nowUs)) ticket.caller.refuse(this.#refusalOf(ticket));
    this.#startForQueue();
  }

  /** The metrics-based scaler. Called once a tick. */
  tick(): void {
    const nowUs = this.#orders.nowUs();
    if (this.#stopping) return;
    const ready = [...this.#members].filter((member) => member.state === 'ready');
    const idle = ready.filter((member) => member.inFlight === 0);
    const decision = decideScale(
      nowUs,
      {
        ...this.#counts(),
        averageInFlight: this.#average.average(nowUs),
        idle: idle.map((member, index) => ({ ...member, id: String(index) })),
      },
      this.#spec,
    );
    for (const index of decision.stop)
      this.#stop(idle[Number(index)], this.#orders.rules.shutdownGraceMs, 'AUTOSCALING');
    if (!this.#startups.holdsBack(nowUs)) for (const reason of decision.start) this.#launch(reason);
  }

  /** Refuses everyone, stops everything. Resolves when no instance is left. */
  async stopAll(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const ticket of this.#admission.clear()) ticket.caller.refuse('stopping');
    const gone = new Promise<void>((resolve) => this.#gone.push(resolve));
    for (const member of this.#members) this.#stop(member, graceMs, 'SHUTDOWN');
    this.#tellGone();
    await gone;
  }

  #ticketOf(caller: Caller<I>): Ticket<I> {
    const { rules, requestTimeoutMs } = this.#orders;
    const startupUs = this.#startups.averageUs ?? 0;
    const pendingUs = Math.max(rules.minPendingMs * 1000, rules.pendingStartupFactor * startupUs);
    const timeoutUs = requestTimeoutMs * 1000;
    return {
      caller,
      deadlineUs: caller.arrivedUs + Math.min(pendingUs, timeoutUs),
      limit: timeoutUs <= pendingUs ? 'timeout' : 'pending',
    };
  }

  /** Status 429 means "at the limit", 500 "could not keep up": the fleet's size tells them apart. */
  #refusalOf(ticket: Ticket<I>): Refusal {
    if (ticket.limit === 'timeout') return 'timeout';
    const { ready } = this.#counts();
    if (ready === 0 && this.#startups.failingSince(ticket.caller.arrivedUs)) return 'startup_failed';
    return this.#members.size >= this.#spec.maxInstances ? 'no_instance' : 'no_instance_below_max';
  }

  #startForQueue(): void {
    if (this.#admission.queued === 0 || this.#stopping) return;
    if (this.#startups.holdsBack(this.#orders.nowUs())) return;
    for (let left = startsForQueue(this.#counts(), this.#spec); left > 0; left -= 1)
      this.#launch('AUTOSCALING');
  }

  #launch(reason: StartReason, tell: (end: E | null) => void = () => undefined): void {
    const preferred = [...this.#members].filter((other) => other.preferred && other.state !== 'stopping');
    // The member must be there before its instance can report.
    const watch: InstanceWatch<E> = {
      ready: (startupUs) => {
        this.#ready(member, startupUs);
        tell(null);
      },
      ended: (end) => {
        this.#ended(member);
        tell(end);
      },
    };
    const member: Member<I> = {
      instance: this.#orders.launch(reason, watch),
      state: 'starting',
      preferred: preferred.length < this.#spec.minInstances,
      inFlight: 0,
      idleSinceUs: 0,
    };
    this.#members.add(member);
  }

  #ready(member: Member<I>, startupUs: number): void {
    if (member.state !== 'starting') return;
    member.state = 'ready';
    member.idleSinceUs = this.#orders.nowUs();
    this.#startups.succeeded(startupUs);
    this.#admission.add(member);
    this.#serveQueue();
  }

  #ended(member: Member<I>): void {
    const startFailed = member.state === 'starting';
    this.#members.delete(member);
    this.#admission.remove(member);
    if (startFailed) this.#startFailed();
    this.#tellGone();
  }

  /** When nothing else is starting or serving, there is no one left to wait for. */
  #startFailed(): void {
    this.#startups.failed(this.#orders.nowUs());
    const { starting, ready } = this.#counts();
    if (starting + ready > 0) return;
    for (const ticket of this.#admission.clear()) ticket.caller.refuse('startup_failed');
  }

  #stop(member: Member<I> | undefined, graceMs: number, reason: string): void {
    if (member === undefined) return;
    member.state = 'stopping';
    this.#admission.remove(member);
    member.instance.stop(graceMs, reason);
  }

  #serveQueue(): void {
    for (let match = this.#admission.next(); match !== null; match = this.#admission.next()) {
      this.#load();
      match.waiting.caller.handTo(match.seat);
    }
  }

  #load(): void {
    this.#average.set(this.#orders.nowUs(), this.#admission.inFlight);
  }

  #counts(): { queued: number; starting: number; ready: number; stopping: number } {
    const counts = { queued: this.#admission.queued, starting: 0, ready: 0, stopping: 0 };
    for (const member of this.#members) counts[member.state] += 1;
    return counts;
  }

  #tellGone(): void {
    if (this.#members.size > 0) return;
    for (const resolve of this.#gone.splice(0)) resolve();
  }
}
