import type { Random } from '../../../base/random.ts';
import { Admission } from './admission.ts';
import type { FleetInstance, InstanceWatch, Member, Place } from './member.ts';
import type { Profile, Refusal } from './profile.ts';
import { Roster, type MemberCounts } from './roster.ts';
import type { FleetObservation, Scaler, ScalingLimits, StartReason } from './scaler.ts';
import { StartupRecord } from './startup-record.ts';
import { pendingRequest, type Caller, type PendingRequest } from './pending-request.ts';

export interface FleetOrders<I extends FleetInstance, E> {
  readonly limits: ScalingLimits;
  readonly requestTimeoutMs: number;
  readonly shutdownGraceMs: number;
  readonly profile: Profile;
  readonly random: Random;
  readonly nowUs: () => number;
  readonly launch: (reason: StartReason, watch: InstanceWatch<E>) => I;
}

/** The instances of one revision, the requests that wait for them, and the decision to start and stop them. */
export class Fleet<I extends FleetInstance, E> {
  readonly #orders: FleetOrders<I, E>;
  readonly #admission: Admission<Member<I>, PendingRequest<I>>;
  readonly #scaler: Scaler;
  readonly #startups = new StartupRecord();
  readonly #roster = new Roster<I>();
  #limits: ScalingLimits;
  #reachable = true;
  #overMax = 1;
  #rejects = false;
  #stopping = false;

  constructor(orders: FleetOrders<I, E>) {
    const { limits, profile, random, nowUs } = orders;
    this.#orders = orders;
    this.#limits = limits;
    this.#scaler = profile.makeScaler(nowUs(), limits, 0);
    this.#admission = new Admission(limits.concurrency, random, profile.balancing(limits));
  }

  /**
   * The starts that a deployment makes to see whether the revision works. Resolves with null once that many
   * instances are ready, or with the end of the first one that fails.
   */
  deploy(needed = 1): Promise<E | null> {
    return new Promise((resolve) => {
      let ready = 0;
      for (let started = 0; started < needed; started += 1)
        this.#launch('DEPLOYMENT_ROLLOUT', (end) => {
          ready += 1;
          if (end !== null || ready === needed) resolve(end);
        });
    });
  }

  /** Raised limits take effect at once, lowered ones at the next tick. */
  limit(limits: Omit<ScalingLimits, 'concurrency'>, reachable: boolean): void {
    this.#limits = { ...limits, concurrency: this.#limits.concurrency };
    this.#reachable = reachable;
    this.#preferMinimum();
    this.tick();
  }

  /** Allows factor x max instances, as Cloud Run may do for a while. */
  overMax(factor: number): void {
    this.#overMax = factor;
  }

  /** Whether a request that finds no place is refused at once. */
  rejectAtOnce(on: boolean): void {
    this.#rejects = on;
  }

  get size(): MemberCounts {
    return this.#roster.size;
  }

  get load(): { readonly inFlight: number; readonly queued: number } {
    return { inFlight: this.#admission.inFlight, queued: this.#admission.queued };
  }

  get instances(): readonly Pick<Member<I>, 'instance' | 'state'>[] {
    return this.#roster.all;
  }

  /** A request has arrived: it is forwarded at once, queued, or refused. */
  request(caller: Caller<I>): void {
    if (this.#stopping) {
      caller.refuse('stopping');
      return;
    }
    const member = this.#admission.admit();
    if (member !== null) {
      this.#hand(caller, member);
      return;
    }
    const refusal = this.#refusalAtOnce();
    if (refusal !== null) {
      caller.refuse(refusal);
      return;
    }
    const pendingUs = this.#orders.profile.pendingLimitUs(this.#startups.averageUs);
    this.#admission.enqueue(pendingRequest(caller, pendingUs, this.#orders.requestTimeoutMs * 1000));
    this.#loadChanged();
    this.#startForQueue();
  }

  /** The instance has answered: its place is free. */
  release(place: Place<I>): void {
    const member = place as Member<I>;
    this.#admission.release(member);
    if (member.inFlight === 0) this.#becameIdle(member);
    this.#loadChanged();
    this.#serveQueue();
  }

  /** Refuses those who waited too long, and starts what the queue needs. Called every few milliseconds. */
  sweep(): void {
    if (this.#admission.queued === 0) return;
    const expired = this.#admission.expire(this.#orders.nowUs());
    for (const request of expired) request.caller.refuse(this.#refusalOf(request));
    if (expired.length > 0) this.#loadChanged();
    this.#startForQueue();
  }

  /** The scaler's turn. Called once a tick of the profile. */
  tick(): void {
    if (this.#stopping) return;
    const nowUs = this.#orders.nowUs();
    const decision = this.#scaler.decide(nowUs, this.#observe(), this.#effectiveLimits());
    for (const member of this.#roster.all)
      if (member.state === 'draining' && member.drainUntilUs <= nowUs)
        this.#stop(member, this.#orders.shutdownGraceMs, member.reason);
    const byId = new Map(this.#roster.all.map((member) => [member.instance.id, member]));
    for (const id of decision.stop) this.#drain(byId.get(id), 'AUTOSCALING');
    if (!this.#startups.holdsBack(nowUs)) for (const reason of decision.start) this.#launch(reason);
  }

  /** Refuses everyone, stops everything. Resolves when no instance is left. */
  async stopAll(graceMs: number, reason = 'SHUTDOWN'): Promise<void> {
    this.#stopping = true;
    for (const request of this.#admission.clear()) request.caller.refuse('stopping');
    for (const member of this.#roster.all) {
      if (member.state === 'stopping') member.instance.stop(graceMs, reason);
      else this.#stop(member, graceMs, reason);
    }
    await this.#roster.empty();
  }

  #effectiveLimits(): ScalingLimits {
    if (this.#overMax === 1) return this.#limits;
    return { ...this.#limits, maxInstances: Math.ceil(this.#limits.maxInstances * this.#overMax) };
  }

  #observe(): FleetObservation {
    return { ...this.size, ...this.load, members: this.#roster.ready, reachable: this.#reachable };
  }

  #refusalAtOnce(): Refusal | null {
    if (this.#rejects) return this.#noInstance();
    const depth = this.#orders.profile.queueDepth(this.#limits, this.size.ready);
    return this.#admission.queued >= depth ? 'queue_full' : null;
  }

  /** 429 means "at the limit", 500 "could not keep up": the size of the fleet decides which. */
  #noInstance(): Refusal {
    const isFull = this.#roster.count >= this.#effectiveLimits().maxInstances;
    return isFull ? 'no_instance' : 'no_instance_below_max';
  }

  #refusalOf(request: PendingRequest<I>): Refusal {
    if (request.limit === 'timeout') return 'timeout';
    if (this.size.ready === 0 && this.#startups.failingSince(request.caller.arrivedUs))
      return 'startup_failed';
    return this.#noInstance();
  }

  #startForQueue(): void {
    if (this.#admission.queued === 0 || this.#stopping) return;
    const nowUs = this.#orders.nowUs();
    if (this.#startups.holdsBack(nowUs)) return;
    const starts = this.#scaler.startsForQueue(nowUs, this.#observe(), this.#effectiveLimits());
    for (let left = starts; left > 0; left -= 1) this.#launch('AUTOSCALING');
  }

  #launch(reason: StartReason, tell: (end: E | null) => void = () => undefined): void {
    // The member must be there before its instance can report.
    const watch: InstanceWatch<E> = {
      ready: (startupUs) => {
        this.#ready(member, startupUs);
        tell(null);
      },
      available: (yes) => this.#available(member, yes),
      leaving: () => this.#leaving(member),
      ended: (end) => {
        this.#ended(member);
        tell(end);
      },
    };
    const member: Member<I> = {
      instance: this.#orders.launch(reason, watch),
      state: 'starting',
      preferred: this.#roster.preferred < this.#preferredCount(),
      inFlight: 0,
      idleSinceUs: 0,
      drainUntilUs: 0,
      reason,
    };
    this.#roster.add(member);
  }

  #preferredCount(): number {
    return this.#orders.profile.prefersMinimum ? this.#limits.minInstances : 0;
  }

  /** When the minimum changes, the instances that count towards it are chosen again. */
  #preferMinimum(): void {
    for (const [index, member] of this.#roster.serving.entries())
      this.#admission.prefer(member, index < this.#preferredCount());
  }

  #ready(member: Member<I>, startupUs: number): void {
    if (member.state !== 'starting') return;
    member.state = 'ready';
    this.#startups.succeeded(startupUs);
    this.#becameIdle(member);
    this.#admission.add(member);
    this.#serveQueue();
  }

  #available(member: Member<I>, yes: boolean): void {
    if (member.state !== 'ready') return;
    if (yes) this.#admission.add(member);
    else this.#admission.remove(member);
    if (yes) this.#serveQueue();
  }

  /** Its requests in flight are released as their connections break. A failed start is reported by its end. */
  #leaving(member: Member<I>): void {
    this.#admission.remove(member);
    if (member.state !== 'starting') member.state = 'stopping';
  }

  #becameIdle(member: Member<I>): void {
    member.idleSinceUs = this.#orders.nowUs();
    if (member.state === 'draining') this.#stop(member, this.#orders.shutdownGraceMs, member.reason);
    else if (member.state === 'ready') member.instance.idle();
  }

  #ended(member: Member<I>): void {
    const startFailed = member.state === 'starting';
    this.#roster.remove(member);
    this.#admission.remove(member);
    if (startFailed) this.#startFailed();
  }

  /** Those who wait are refused only when no other instance is starting or serving. */
  #startFailed(): void {
    this.#startups.failed(this.#orders.nowUs());
    const { starting, ready } = this.size;
    if (starting + ready > 0) return;
    for (const request of this.#admission.clear()) request.caller.refuse('startup_failed');
  }

  /** It takes no new requests, and is stopped once those in flight are answered. */
  #drain(member: Member<I> | undefined, reason: string): void {
    if (member?.state !== 'ready') return;
    this.#admission.remove(member);
    member.state = 'draining';
    member.reason = reason;
    member.drainUntilUs = this.#orders.nowUs() + this.#orders.requestTimeoutMs * 1000;
    if (member.inFlight === 0) this.#becameIdle(member);
  }

  #stop(member: Member<I>, graceMs: number, reason: string): void {
    if (member.state === 'stopping') return;
    member.state = 'stopping';
    this.#admission.remove(member);
    member.instance.stop(graceMs, reason);
  }

  #serveQueue(): void {
    for (let match = this.#admission.next(); match !== null; match = this.#admission.next())
      this.#hand(match.waiting.caller, match.candidate);
  }

  #hand(caller: Caller<I>, member: Member<I>): void {
    if (member.inFlight === 1) member.instance.busy();
    this.#loadChanged();
    caller.handTo(member);
  }

  #loadChanged(): void {
    this.#scaler.load(this.#orders.nowUs(), this.load);
  }
}
