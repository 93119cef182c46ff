import type { Random } from '../base/random.ts';
import type { FlowConditions } from './flow-conditions.ts';

/** What travels in one direction: bytes, then an end or a reset. */
export type Cargo = Buffer | 'end' | 'cut';

interface Held {
  cargo: Cargo;
  readonly arrivedUs: number;
  /** From -1 to 1: where its delay lies within the spread. */
  readonly draw: number;
}

/** A slow line passes bytes in pieces that take this long. */
const pieceUs = 10_000;

const perSec = 1_000_000;

/**
 * The bytes of one direction that are held, and when each may pass: after a delay, over a line of limited speed, behind
 * a gate. Pure: it is told the time. What is held follows the current conditions, so it is released when they end.
 * Order is kept: nothing overtakes.
 */
export class HeldStream {
  readonly #random: Random;
  #conditions: FlowConditions;
  readonly #held: Held[] = [];
  #bytes = 0;
  /** Until when the line is busy. Time in which it was idle is lost. */
  #lineUs: number;

  constructor(conditions: FlowConditions, random: Random, nowUs: number) {
    this.#conditions = conditions;
    this.#random = random;
    this.#lineUs = nowUs;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  impose(conditions: FlowConditions, nowUs: number): void {
    this.#conditions = conditions;
    this.#lineUs = nowUs;
  }

  push(cargo: Cargo, nowUs: number): void {
    this.#held.push({ cargo, arrivedUs: nowUs, draw: 2 * this.#random() - 1 });
    this.#bytes += sizeOf(cargo);
  }

  /** The next piece that may pass now; null when none may. */
  take(nowUs: number): Cargo | null {
    const [head] = this.#held;
    const { blocked, bytesPerSec } = this.#conditions;
    if (head === undefined || blocked || nowUs < this.#dueUs(head)) return null;
    if (typeof head.cargo === 'string' || bytesPerSec === null) return this.#shift(head);
    const sinceUs = this.#startUs(head);
    const through = Math.max(0, Math.floor(((nowUs - sinceUs) * bytesPerSec) / perSec));
    const taken = Math.min(through, head.cargo.length);
    if (taken === 0 && head.cargo.length > 0) return null;
    this.#lineUs = sinceUs + (taken * perSec) / bytesPerSec;
    return taken === head.cargo.length ? this.#shift(head) : this.#cut(head, head.cargo, taken);
  }

  /** When to ask again; null: not until something changes. */
  nextUs(): number | null {
    const [head] = this.#held;
    const { blocked, bytesPerSec } = this.#conditions;
    if (head === undefined || blocked) return null;
    if (typeof head.cargo === 'string' || bytesPerSec === null) return this.#dueUs(head);
    const piece = Math.max(1, Math.floor((bytesPerSec * pieceUs) / perSec));
    const bytes = Math.min(piece, head.cargo.length);
    // A microsecond more than it takes, so that rounding does not cost a byte.
    return Math.floor(this.#startUs(head) + (bytes * perSec) / bytesPerSec) + 1;
  }

  #dueUs({ arrivedUs, draw }: Held): number {
    const { delayMs, spreadMs } = this.#conditions;
    return arrivedUs + (delayMs + draw * spreadMs) * 1000;
  }

  #startUs(head: Held): number {
    return Math.max(this.#lineUs, this.#dueUs(head));
  }

  #shift({ cargo }: Held): Cargo {
    this.#held.shift();
    this.#bytes -= sizeOf(cargo);
    return cargo;
  }

  #cut(head: Held, bytes: Buffer, at: number): Buffer {
    head.cargo = bytes.subarray(at);
    this.#bytes -= at;
    return bytes.subarray(0, at);
  }
}

function sizeOf(cargo: Cargo): number {
  return typeof cargo === 'string' ? 0 : cargo.length;
}
