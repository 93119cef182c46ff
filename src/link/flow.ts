import type { Socket } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { isFree, type FlowConditions } from './flow-conditions.ts';
import { HeldStream, type Cargo } from './held-stream.ts';

/** Once this much is held the source is no longer read, as with a full TCP window. */
const mostHeldBytes = 512 * 1024;

/** The longest single wait: system timers can't wait longer than some days. */
const longestWaitMs = 60_000;

/** One direction of a connection. */
export interface FlowOrders {
  readonly source: Socket;
  readonly sink: Socket;
  /** Called with each chunk as it arrives, whenever it will be passed on. */
  readonly look: (chunk: Buffer) => void;
  readonly clock: RunClock;
  readonly random: Random;
}

/**
 * Passes on every byte of one direction, unchanged and in order, at the pace of the slower side. When the receiver is
 * gone the sender is still read to its end, because what it says still counts.
 *
 *   client ── look ──[ held ]──> upstream
 *   client <──[ held ]── look ── upstream
 *
 * Without conditions nothing is held: no copy, no timer.
 */
export class Flow {
  readonly #orders: FlowOrders;
  #conditions: FlowConditions | null = null;
  /** Null while bytes pass as they come. */
  #held: HeldStream | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(orders: FlowOrders) {
    const { source, sink } = orders;
    this.#orders = orders;
    source.on('data', (chunk: Buffer) => this.#arrived(chunk));
    source.on('end', () => this.end());
    sink.on('drain', () => this.#pace());
    sink.on('close', () => this.#drop());
  }

  /** Applies from now on, also to what is already held. */
  impose(conditions: FlowConditions): void {
    const { sink, clock, random } = this.#orders;
    this.#conditions = isFree(conditions) ? null : conditions;
    if (this.#held === null && (this.#conditions === null || sink.destroyed)) return;
    this.#held ??= new HeldStream(conditions, random, clock.nowUs());
    this.#held.impose(conditions, clock.nowUs());
    this.#pump(this.#held);
  }

  /** The source has ended; so does the sink, after everything that is held. */
  end(): void {
    this.#finish('end');
  }

  /** The source was reset; so is the sink, after everything that is held. */
  cut(): void {
    this.#finish('cut');
  }

  #arrived(chunk: Buffer): void {
    this.#orders.look(chunk);
    if (this.#held === null) this.#write(chunk);
    else this.#hold(this.#held, chunk);
  }

  #finish(how: 'end' | 'cut'): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#held === null) this.#pass(how);
    else this.#hold(this.#held, how);
  }

  #hold(held: HeldStream, cargo: Cargo): void {
    held.push(cargo, this.#orders.clock.nowUs());
    this.#pump(held);
  }

  /** Passes on what may pass now, and sets a timer for the next. */
  #pump(held: HeldStream): void {
    clearTimeout(this.#timer);
    const nowUs = this.#orders.clock.nowUs();
    for (let cargo = held.take(nowUs); cargo !== null; cargo = held.take(nowUs)) this.#pass(cargo);
    const nextUs = held.nextUs();
    if (held.isEmpty && this.#conditions === null) this.#held = null;
    if (nextUs !== null) {
      const waitMs = Math.min(Math.max(1, Math.ceil((nextUs - nowUs) / 1000)), longestWaitMs);
      this.#timer = setTimeout(() => this.#pump(held), waitMs);
    }
    this.#pace();
  }

  #pass(cargo: Cargo): void {
    const { sink } = this.#orders;
    if (cargo === 'end') sink.end();
    else if (cargo === 'cut') resetOf(sink);
    else this.#write(cargo);
  }

  #write(chunk: Buffer): void {
    const { source, sink } = this.#orders;
    if (sink.writable && !sink.write(chunk)) source.pause();
  }

  #pace(): void {
    const { source, sink } = this.#orders;
    const isFull = (this.#held?.bytes ?? 0) >= mostHeldBytes;
    if (!sink.destroyed && (isFull || sink.writableNeedDrain)) source.pause();
    else source.resume();
  }

  /** The receiver is gone: nothing is held for it any more. */
  #drop(): void {
    clearTimeout(this.#timer);
    this.#held = null;
    this.#conditions = null;
    this.#orders.source.resume();
  }
}

/** Closes a socket so that its peer sees a reset; unix sockets have none and are just closed. */
export function resetOf(socket: Socket): void {
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
