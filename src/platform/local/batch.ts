const flushEveryMs = 50;

/** Collects items to send, so that a burst of connections makes a few messages instead of thousands. */
export class Batch<T> {
  readonly #send: (items: T[]) => void;
  readonly #timer: NodeJS.Timeout;
  #items: T[] = [];

  constructor(send: (items: T[]) => void) {
    this.#send = send;
    this.#timer = setInterval(() => this.flush(), flushEveryMs);
  }

  readonly add = (item: T): void => void this.#items.push(item);

  flush(): void {
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#send(items);
  }

  /** Sends what is left and stops the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
