import type { RunEvent } from '../../evidence/event.ts';

const flushEveryMs = 50;

/** Gathers events, so that a burst of connections is a few messages and not thousands. */
export class EventBatch {
  readonly #send: (events: readonly RunEvent[]) => void;
  readonly #timer: NodeJS.Timeout;
  #events: RunEvent[] = [];

  constructor(send: (events: readonly RunEvent[]) => void) {
    this.#send = send;
    this.#timer = setInterval(() => this.flush(), flushEveryMs);
  }

  readonly add = (event: RunEvent): void => void this.#events.push(event);

  flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#send(events);
  }

  /** Sends what is left and stops the timer. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
