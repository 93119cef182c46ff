import type { RunClock } from '../../base/clock.ts';
import type { Appointment } from './timer-heap.ts';
import type { Call } from './call.ts';
import type { Connection, Transport, WireEnd } from '../transport.ts';

/** A connection with what it carries. */
export interface Line {
  readonly connection: Connection;
  call: Call | null;
  /** When its attempt is given up. */
  limit: Appointment | null;
  /** Gives its attempt up. */
  readonly giveUp: () => void;
}

/** Told once for everything that a line carried. */
export type OnLineEnd = (line: Line, end: WireEnd | 'timeout') => void;

/**
 * Connections that carry nothing, last in first out: the busiest stay warm, the others grow old and are closed.
 * Where none is free a new one is made, which opens its socket under its first request: sending never waits.
 */
export class Lines {
  readonly #transport: Transport;
  readonly #clock: RunClock;
  readonly #onEnd: OnLineEnd;
  readonly #free: Line[] = [];
  readonly #open = new Set<Line>();

  constructor(transport: Transport, clock: RunClock, onEnd: OnLineEnd) {
    this.#transport = transport;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Lines that carry something. */
  get open(): ReadonlySet<Line> {
    return this.#open;
  }

  /** A line for a call. */
  take(call: Call): Line {
    const line = this.#usable() ?? this.#connect();
    line.call = call;
    this.#open.add(line);
    return line;
  }

  /** The line carries nothing any more; a connection that can be used again is kept. */
  release(line: Line): void {
    this.#open.delete(line);
    line.call = null;
    if (line.connection.isUsable(this.#clock.nowUs())) this.#free.push(line);
    else line.connection.destroy();
  }

  /** Makes so many lines, for whoever warms them up. */
  connect(count: number): readonly Line[] {
    return Array.from({ length: count }, () => this.#connect());
  }

  /** Takes in lines that were warmed up. */
  welcome(lines: readonly Line[]): void {
    this.#free.push(...lines);
  }

  /** Closes the connections that carry nothing. */
  close(): void {
    for (const { connection } of this.#free.splice(0)) connection.destroy();
  }

  #usable(): Line | null {
    const nowUs = this.#clock.nowUs();
    for (let line = this.#free.pop(); line !== undefined; line = this.#free.pop()) {
      if (line.connection.isUsable(nowUs)) return line;
      line.connection.destroy();
    }
    return null;
  }

  #connect(): Line {
    const connection = this.#transport.connect();
    const line: Line = { connection, call: null, limit: null, giveUp: () => this.#onEnd(line, 'timeout') };
    connection.onEnd = (end) => this.#onEnd(line, end);
    return line;
  }
}
