import type { Random } from '../../../base/random.ts';
import type { Balancing } from './profile.ts';

/** A ready instance as admission sees it. Only admission changes its count. */
export interface Candidate {
  inFlight: number;
  /** One of the minimum: requests go there first. */
  preferred: boolean;
}

/** A request that waits. */
export interface Waiting {
  readonly deadlineUs: number;
}

/**
 * Which instance takes a request, and who waits. No instance ever has more in flight than its concurrency;
 * waiting requests are served in the order of their arrival. Cloud Run's own balancing is not documented:
 * for it the less loaded of two instances drawn at random takes the request.
 */
export class Admission<S extends Candidate, W extends Waiting> {
  readonly #concurrency: number;
  readonly #random: Random;
  readonly #balancing: Balancing;
  readonly #preferred: S[] = [];
  readonly #others: S[] = [];
  #queue: W[] = [];
  #first = 0;
  #inFlight = 0;
  #turn = 0;

  /** A concurrency of 0 means no limit. */
  constructor(concurrency: number, random: Random, balancing: Balancing = 'two_choices') {
    this.#concurrency = concurrency === 0 ? Infinity : concurrency;
    this.#random = random;
    this.#balancing = balancing;
  }

  get queued(): number {
    return this.#queue.length - this.#first;
  }

  /** Over all candidates, including those that were removed. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The instance is ready: it takes requests from now on. */
  add(candidate: S): void {
    (candidate.preferred ? this.#preferred : this.#others).push(candidate);
  }

  /** Whether the instance is one of the minimum from now on. */
  prefer(candidate: S, preferred: boolean): void {
    if (candidate.preferred === preferred) return;
    const takesRequests = this.remove(candidate);
    candidate.preferred = preferred;
    if (takesRequests) this.add(candidate);
  }

  /** The instance takes no more requests; those in flight are released as usual. False if it took none before. */
  remove(candidate: S): boolean {
    const candidates = candidate.preferred ? this.#preferred : this.#others;
    const index = candidates.indexOf(candidate);
    if (index >= 0) candidates.splice(index, 1);
    return index >= 0;
  }

  /** Takes a place on an instance, unless others wait or none has room. */
  admit(): S | null {
    return this.queued > 0 ? null : this.#take();
  }

  /** Waits behind all others. */
  enqueue(waiting: W): void {
    this.#queue.push(waiting);
  }

  /** Gives a place back. */
  release(candidate: S): void {
    candidate.inFlight -= 1;
    this.#inFlight -= 1;
  }

  /** The request that has waited longest, with a place for it; null when none waits or none has room. */
  next(): { readonly waiting: W; readonly candidate: S } | null {
    const waiting = this.#queue[this.#first];
    if (waiting === undefined) return null;
    const candidate = this.#take();
    if (candidate === null) return null;
    this.#first += 1;
    if (this.#first >= 1024 && this.#first * 2 >= this.#queue.length) this.#compact();
    return { waiting, candidate };
  }

  /** Takes requests out of the queue whose deadline has passed. */
  expire(nowUs: number): readonly W[] {
    return this.#takeOut((waiting) => waiting.deadlineUs <= nowUs);
  }

  /** Takes everyone out of the queue. */
  clear(): readonly W[] {
    return this.#takeOut(() => true);
  }

  #takeOut(over: (waiting: W) => boolean): readonly W[] {
    if (this.queued === 0) return [];
    this.#compact();
    const out = this.#queue.filter(over);
    if (out.length > 0) this.#queue = this.#queue.filter((waiting) => !over(waiting));
    return out;
  }

  #compact(): void {
    this.#queue = this.#queue.slice(this.#first);
    this.#first = 0;
  }

  #take(): S | null {
    const candidate = this.#choose(this.#preferred) ?? this.#choose(this.#others);
    if (candidate === null) return null;
    candidate.inFlight += 1;
    this.#inFlight += 1;
    return candidate;
  }

  #choose(candidates: readonly S[]): S | null {
    if (candidates.length === 0) return null;
    if (this.#balancing === 'first_available')
      return candidates.find((candidate) => this.#hasRoom(candidate)) ?? null;
    return this.#balancing === 'round_robin'
      ? this.#nextInTurn(candidates)
      : this.#lessLoadedOfTwo(candidates);
  }

  #lessLoadedOfTwo(candidates: readonly S[]): S | null {
    const one = this.#draw(candidates);
    const two = this.#draw(candidates);
    const less = one.inFlight <= two.inFlight ? one : two;
    return this.#hasRoom(less) ? less : this.#leastLoaded(candidates);
  }

  #nextInTurn(candidates: readonly S[]): S | null {
    for (let tried = 0; tried < candidates.length; tried += 1) {
      this.#turn = (this.#turn + 1) % candidates.length;
      const candidate = candidates[this.#turn] as S;
      if (this.#hasRoom(candidate)) return candidate;
    }
    return null;
  }

  #hasRoom(candidate: S): boolean {
    return candidate.inFlight < this.#concurrency;
  }

  #draw(candidates: readonly S[]): S {
    return candidates[Math.floor(this.#random() * candidates.length)] as S;
  }

  /** Used when both instances drawn are full. */
  #leastLoaded(candidates: readonly S[]): S | null {
    let least: S | null = null;
    for (const candidate of candidates) {
      if (candidate.inFlight < (least?.inFlight ?? this.#concurrency)) least = candidate;
    }
    return least;
  }
}
