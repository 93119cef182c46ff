import type { RunClock } from '../../base/clock.ts';
import { TimerHeap, type Timer } from './timer-heap.ts';

/** The longest delay that a system timer takes. */
const longestMs = 2 ** 31 - 1;

/**
 * Any number of timers on the run clock, driven by one system timer. System timers have a resolution of a
 * millisecond: a timer runs up to that much late, never early.
 */
export class TimerQueue {
  readonly #clock: RunClock;
  readonly #heap = new TimerHeap();
  #systemTimer: NodeJS.Timeout | undefined;
  /** When the system timer fires; infinite while it is not set. */
  #firesUs = Infinity;

  constructor(clock: RunClock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.size;
  }

  add(atUs: number, run: () => void): Timer {
    const timer = this.#heap.add(atUs, run);
    this.#arm();
    return timer;
  }

  cancel(timer: Timer): void {
    this.#heap.cancel(timer);
  }

  /** Cancels every timer. */
  clear(): void {
    this.#heap.clear();
    clearTimeout(this.#systemTimer);
    this.#firesUs = Infinity;
  }

  /** A system timer that fires too early, because the earliest timer was cancelled, only sets itself anew. */
  #arm(): void {
    if (this.#heap.nextUs >= this.#firesUs) return;
    clearTimeout(this.#systemTimer);
    this.#firesUs = this.#heap.nextUs;
    const waitMs = Math.max(1, Math.ceil((this.#firesUs - this.#clock.nowUs()) / 1000));
    this.#systemTimer = setTimeout(() => this.#fire(), Math.min(waitMs, longestMs));
  }

  #fire(): void {
    this.#firesUs = Infinity;
    this.#heap.runDue(this.#clock.nowUs());
    this.#arm();
  }
}
