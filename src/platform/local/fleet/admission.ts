import type { Random } from '../../../base/random.ts';
import type { Balancing } from './profile.ts';

/** A ready instance as admission sees it. Counted by admission alone. */
export interface Seat {
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
export class Admission<S extends Seat, W extends Waiting> {
  readonly #concurrency: number;
  readonly #random: Random;
  readonly #balancing: Balancing;
  readonly #preferred: S[] = [];
  readonly #others: S[] = [];
  #queue: W[] = [];
  #first = 0;
  #inFlight = 0;
  #turn = 0;

  /** A concurrency of 0 is none: instances take whatever comes. */
  constructor(concurrency: number, random: Random, balancing: Balancing = 'two_choices') {
    this.#concurrency = concurrency === 0 ? Infinity : concurrency;
    this.#random = random;
    this.#balancing = balancing;
  }

  get queued(): number {
    return this.#queue.length - this.#first;
  }

  /** On all seats, those that were taken away included. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The instance is ready: it takes requests from now on. */
  add(seat: S): void {
    (seat.preferred ? this.#preferred : this.#others).push(seat);
  }

  /** Whether the instance is one of the minimum from now on. */
  prefer(seat: S, preferred: boolean): void {
    if (seat.preferred === preferred) return;
    const takesRequests = this.remove(seat);
    seat.preferred = preferred;
    if (takesRequests) this.add(seat);
  }

  /** The instance takes nothing more. What it has in flight is released as usual. False: it took nothing before. */
  remove(seat: S): boolean {
    const seats = seat.preferred ? this.#preferred : this.#others;
    const index = seats.indexOf(seat);
    if (index >= 0) seats.splice(index, 1);
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
  release(seat: S): void {
    seat.inFlight -= 1;
    this.#inFlight -= 1;
  }

  /** The request that has waited longest, with a place for it; null when none waits or none has room. */
  next(): { readonly waiting: W; readonly seat: S } | null {
    const waiting = this.#queue[this.#first];
    if (waiting === undefined) return null;
    const seat = this.#take();
    if (seat === null) return null;
    this.#first += 1;
    if (this.#first >= 1024 && this.#first * 2 >= this.#queue.length) this.#compact();
    return { waiting, seat };
  }

  /** Takes those out of the queue whose time is over. */
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
    const seat = this.#choose(this.#preferred) ?? this.#choose(this.#others);
    if (seat === null) return null;
    seat.inFlight += 1;
    this.#inFlight += 1;
    return seat;
  }

  #choose(seats: readonly S[]): S | null {
    if (seats.length === 0) return null;
    if (this.#balancing === 'first_available') return seats.find((seat) => this.#hasRoom(seat)) ?? null;
    return this.#balancing === 'round_robin' ? this.#nextInTurn(seats) : this.#lessLoadedOfTwo(seats);
  }

  #lessLoadedOfTwo(seats: readonly S[]): S | null {
    const one = this.#draw(seats);
    const two = this.#draw(seats);
    const less = one.inFlight <= two.inFlight ? one : two;
    return this.#hasRoom(less) ? less : this.#leastLoaded(seats);
  }

  #nextInTurn(seats: readonly S[]): S | null {
    for (let tried = 0; tried < seats.length; tried += 1) {
      this.#turn = (this.#turn + 1) % seats.length;
      const seat = seats[this.#turn] as S;
      if (this.#hasRoom(seat)) return seat;
    }
    return null;
  }

  #hasRoom(seat: S): boolean {
    return seat.inFlight < this.#concurrency;
  }

  #draw(seats: readonly S[]): S {
    return seats[Math.floor(this.#random() * seats.length)] as S;
  }

  /** Both that were drawn are full: whoever has room. */
  #leastLoaded(seats: readonly S[]): S | null {
    let least: S | null = null;
    for (const seat of seats) {
      if (seat.inFlight < (least?.inFlight ?? this.#concurrency)) least = seat;
    }
    return least;
  }
}
