import type { RetryBudget } from '../../scenario/clients/client.ts';
import type { Budget } from './budget.ts';

/** The window is kept in this many slices, as in Finagle: memory use does not depend on the rate. */
const slices = 10;

/** More than the rounding error of the sums below. */
const roundingError = 1e-9;

/**
 * Finagle's and Linkerd's budget. Over the last `ttl`, the current slice included:
 *
 *     retries <= ratio x requests + minRetriesPerSec x ttl
 *
 * so that over a long run at lambda requests per second there are at most 1 + ratio + minRetriesPerSec / lambda
 * attempts for a request. The reserve of the second term is there from the start.
 */
export class RatioBudget implements Budget {
  readonly #ratio: number;
  readonly #reserve: number;
  readonly #sliceUs: number;
  readonly #requests = new Float64Array(slices);
  readonly #retries = new Float64Array(slices);
  #requestSum = 0;
  #retrySum = 0;
  /** Number of the current slice, counted from the clock's origin. */
  #slice = -Infinity;

  constructor({ ratio, minRetriesPerSec, ttlMs }: Extract<RetryBudget, { kind: 'ratio' }>) {
    this.#ratio = ratio;
    this.#reserve = (minRetriesPerSec * ttlMs) / 1000;
    this.#sliceUs = (1000 * ttlMs) / slices;
  }

  onRequest(nowUs: number): void {
    const place = this.#turnTo(nowUs);
    this.#requests[place] = (this.#requests[place] ?? 0) + 1;
    this.#requestSum += 1;
  }

  onSuccess(): void {
    // Requests count however they end.
  }

  onFailure(): void {
    // The same.
  }

  take(nowUs: number): boolean {
    const place = this.#turnTo(nowUs);
    const allowed = this.#ratio * this.#requestSum + this.#reserve + roundingError;
    if (this.#retrySum + 1 > allowed) return false;
    this.#retries[place] = (this.#retries[place] ?? 0) + 1;
    this.#retrySum += 1;
    return true;
  }

  /** Moves the window on: empties the slices that have left it. Returns the index of the current slice. */
  #turnTo(nowUs: number): number {
    const slice = Math.max(this.#slice, Math.floor(nowUs / this.#sliceUs));
    const from = Math.max(this.#slice + 1, slice - slices + 1);
    for (let passed = from; passed <= slice; passed += 1) {
      const place = placeOf(passed);
      this.#requestSum -= this.#requests[place] ?? 0;
      this.#retrySum -= this.#retries[place] ?? 0;
      this.#requests[place] = 0;
      this.#retries[place] = 0;
    }
    this.#slice = slice;
    return placeOf(slice);
  }
}

/** Slices before the origin have negative numbers. */
function placeOf(slice: number): number {
  return ((slice % slices) + slices) % slices;
}
