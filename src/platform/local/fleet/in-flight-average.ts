const buckets = 60;

/**
 * The time-weighted average of requests in flight over a sliding window, in 60 buckets. Before a whole window
 * has passed, the average is over what has passed.
 */
export class InFlightAverage {
  readonly #bucketUs: number;
  readonly #startUs: number;
  readonly #areas = new Float64Array(buckets);
  #level = 0;
  #seenUs: number;

  constructor(startUs: number, windowMs: number) {
    // A whole number, so that the bounds of buckets are exact.
    this.#bucketUs = Math.max(1, Math.round((windowMs * 1000) / buckets));
    this.#startUs = startUs;
    this.#seenUs = startUs;
  }

  /** The number of requests in flight has changed. */
  set(nowUs: number, level: number): void {
    this.#advance(nowUs);
    this.#level = level;
  }

  /** Requests in flight on average, over the whole buckets of the window and the current one. */
  average(nowUs: number): number {
    this.#advance(nowUs);
    const oldestUs = (Math.floor(nowUs / this.#bucketUs) - buckets + 1) * this.#bucketUs;
    const coveredUs = nowUs - Math.max(this.#startUs, oldestUs);
    return coveredUs <= 0 ? this.#level : this.#areas.reduce((sum, area) => sum + area, 0) / coveredUs;
  }

  /** Adds level x time to the buckets passed; the bucket after one that is full starts from zero. */
  #advance(nowUs: number): void {
    let atUs = Math.max(this.#seenUs, nowUs - (buckets + 1) * this.#bucketUs);
    while (atUs < nowUs) {
      const index = Math.floor(atUs / this.#bucketUs);
      const endUs = Math.min(nowUs, (index + 1) * this.#bucketUs);
      const slot = slotOf(index);
      this.#areas[slot] = (this.#areas[slot] ?? 0) + this.#level * (endUs - atUs);
      if (endUs === (index + 1) * this.#bucketUs) this.#areas[slotOf(index + 1)] = 0;
      atUs = endUs;
    }
    this.#seenUs = Math.max(this.#seenUs, nowUs);
  }
}

function slotOf(index: number): number {
  return ((index % buckets) + buckets) % buckets;
}
