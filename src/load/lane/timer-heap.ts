/** Something to do at a given time, unless it is cancelled first. */
export interface Timer {
  readonly atUs: number;
  readonly run: () => void;
  /** Its index in the heap; -1 once it has run or was cancelled. */
  index: number;
}

/**
 * Timers in a binary heap, earliest first. Request timeouts are added in time order and nearly always cancelled, so
 * adding one costs a single comparison, and no request needs a system timer of its own.
 */
export class TimerHeap {
  readonly #heap: Timer[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the earliest timer is due; infinite when there is none. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Infinity;
  }

  add(atUs: number, run: () => void): Timer {
    const timer = { atUs, run, index: this.#heap.length };
    this.#heap.push(timer);
    this.#siftUp(timer);
    return timer;
  }

  /** Removes a timer. Does nothing if it has already run or been cancelled. */
  cancel(timer: Timer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === timer) return;
    this.#put(last, index);
    this.#siftUp(last);
    this.#siftDown(last);
  }

  /** Runs and removes every timer that is due, earliest first, including those added on the way. */
  runDue(nowUs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atUs <= nowUs; first = this.#heap[0]) {
      this.cancel(first);
      first.run();
    }
  }

  /** Cancels every timer. */
  clear(): void {
    for (const timer of this.#heap) timer.index = -1;
    this.#heap.length = 0;
  }

  #put(timer: Timer, index: number): void {
    this.#heap[index] = timer;
    timer.index = index;
  }

  #siftUp(timer: Timer): void {
    while (timer.index > 0) {
      const { index } = timer;
      const parent = this.#heap[(index - 1) >> 1];
      if (parent === undefined || parent.atUs <= timer.atUs) return;
      this.#put(timer, parent.index);
      this.#put(parent, index);
    }
  }

  #siftDown(timer: Timer): void {
    for (;;) {
      const { index } = timer;
      const child = this.#earlier(2 * index + 1, 2 * index + 2);
      if (child === undefined || child.atUs >= timer.atUs) return;
      this.#put(timer, child.index);
      this.#put(child, index);
    }
  }

  #earlier(left: number, right: number): Timer | undefined {
    const one = this.#heap[left];
    const other = this.#heap[right];
    return one === undefined || other === undefined || one.atUs <= other.atUs ? one : other;
  }
}
