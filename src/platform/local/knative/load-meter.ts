import type { Metric } from './target.ts';

const secondUs = 1_000_000;

/** Who sees the load: the activator when requests go through it, and the instances when they are asked. */
export interface Watchers {
  readonly activator: boolean;
  readonly instances: boolean;
}

/** A load at a moment, for the windows. */
export type RecordLoad = (atUs: number, load: number) => void;

/**
 * Turns requests in flight into one figure a second: their time-weighted average, or how many came. The
 * activator tells of the first request after a silent second at once, as one, and takes that one off the
 * second's figure; of silence it tells once, while instances that are asked tell of it every second. (Every
 * instance is asked: Knative asks a sample of more than three, and scales it up.)
 */
export class LoadMeter {
  readonly #metric: Metric;
  readonly #maxSeconds: number;
  readonly #record: RecordLoad;
  #level = 0;
  #area = 0;
  #came = 0;
  #countsFromUs: number;
  #seenUs: number;
  #isKnown = false;
  #toldAhead = 0;

  /** The most that is recorded of a gap, in milliseconds: a window holds no more. */
  constructor(nowUs: number, metric: Metric, windowMs: number, record: RecordLoad) {
    this.#metric = metric;
    this.#maxSeconds = Math.ceil((windowMs * 1000) / secondUs) + 1;
    this.#record = record;
    this.#countsFromUs = nowUs;
    this.#seenUs = nowUs;
  }

  /** The number of requests in flight and waiting has changed. A rise counts as arrivals. */
  change(nowUs: number, level: number, watchers: Watchers): void {
    this.#advance(nowUs, watchers);
    this.#came += Math.max(0, level - this.#level);
    this.#level = level;
    if (!watchers.activator || level === 0 || this.#isKnown) return;
    this.#isKnown = true;
    this.#toldAhead = 1;
    this.#begin(nowUs);
    this.#record(nowUs, 1);
  }

  #advance(nowUs: number, watchers: Watchers): void {
    const thisSecond = Math.floor(nowUs / secondUs);
    const oldestUs = (thisSecond - this.#maxSeconds) * secondUs;
    if (this.#seenUs < oldestUs) this.#begin(oldestUs);
    for (let second = Math.floor(this.#seenUs / secondUs) + 1; second <= thisSecond; second += 1)
      this.#tell(second * secondUs, watchers);
    this.#count(nowUs);
  }

  /** A figure counts from here on. */
  #begin(atUs: number): void {
    this.#area = 0;
    this.#countsFromUs = atUs;
    this.#seenUs = atUs;
  }

  #count(nowUs: number): void {
    this.#area += this.#level * Math.max(0, nowUs - this.#seenUs);
    this.#seenUs = Math.max(this.#seenUs, nowUs);
  }

  #tell(atUs: number, watchers: Watchers): void {
    this.#count(atUs);
    const average = this.#area / (atUs - this.#countsFromUs);
    const load = this.#metric === 'rps' ? this.#came : average;
    if (this.#isKnown || watchers.instances) this.#record(atUs, Math.max(0, load - this.#toldAhead));
    this.#isKnown &&= this.#area > 0;
    this.#toldAhead = 0;
    this.#came = 0;
    this.#begin(atUs);
  }
}
