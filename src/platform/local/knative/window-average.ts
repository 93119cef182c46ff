export type Aggregation = 'linear' | 'weighted-exponential';

const bucketUs = 1_000_000;

/**
 * The average of a load over a sliding window, in buckets of one second. Seconds in which nothing was recorded
 * count as zero between two that were, but not after the last and not before the first: an average is over what
 * is known. After a whole silent window everything starts anew.
 */
export class WindowAverage {
  readonly #aggregation: Aggregation;
  readonly #sums: Float64Array;
  #first = 0;
  #last = -Infinity;

  constructor(windowMs: number, aggregation: Aggregation) {
    this.#aggregation = aggregation;
    this.#sums = new Float64Array(Math.max(1, Math.ceil((windowMs * 1000) / bucketUs)));
  }

  /** Adds to the bucket of the second. What is a window older than the last record is ignored. */
  record(atUs: number, value: number): void {
    const second = Math.floor(atUs / bucketUs);
    const seconds = this.#sums.length;
    if (second + seconds <= this.#last) return;
    if (second - this.#last >= seconds) {
      this.#sums.fill(0);
      this.#first = second;
    } else {
      for (let passed = this.#last + 1; passed <= second; passed += 1) this.#sums[this.#slotOf(passed)] = 0;
      this.#first = Math.min(this.#first, second);
    }
    this.#last = Math.max(this.#last, second);
    this.#sums[this.#slotOf(second)] = this.#at(second) + value;
  }

  /** Whether nothing was recorded for longer than a window. */
  isEmpty(nowUs: number): boolean {
    return Math.floor(nowUs / bucketUs) - this.#last > this.#sums.length;
  }

  /** 0 after a whole silent window. */
  average(nowUs: number): number {
    if (this.isEmpty(nowUs)) return 0;
    const silent = Math.max(0, Math.floor(nowUs / bucketUs) - this.#last);
    return this.#aggregation === 'linear' ? this.#linear(silent) : this.#weighted(silent);
  }

  /** sum / seconds between the first and the last record that are still in the window, to six decimals. */
  #linear(silent: number): number {
    const valid = this.#sums.length - silent;
    if (valid <= 0) return 0;
    let sum = 0;
    for (let age = 0; age < valid; age += 1) sum += this.#at(this.#last - age);
    return Math.round((sum / Math.min(this.#last - this.#first + 1, valid)) * 1e6) / 1e6;
  }

  /** The newest second weighs s, each older one (1 - s) times the one after it; silent seconds weigh as zeros. */
  #weighted(silent: number): number {
    const seconds = this.#sums.length;
    const s = smoothingOf(seconds);
    let weight = s * (1 - s) ** silent;
    let sum = 0;
    for (let age = 0; age < seconds - silent; age += 1) {
      sum += this.#at(this.#last - age) * weight;
      weight *= 1 - s;
    }
    return sum;
  }

  #at(second: number): number {
    return this.#sums[this.#slotOf(second)] ?? 0;
  }

  #slotOf(second: number): number {
    const seconds = this.#sums.length;
    return ((second % seconds) + seconds) % seconds;
  }
}

/** So that the weights of a window sum up to 0.9999, and never so little that it is a plain average. */
function smoothingOf(seconds: number): number {
  return Math.max(0.2, 1 - (1 - 0.9999) ** (1 / seconds));
}
