import type { IncomingHttpHeaders } from 'node:http';
import { Client, type Dispatcher } from 'undici';
import type { RunClock } from '../base/clock.ts';
import { readAnswer, type Answer } from './answer.ts';
import type { Ending } from './classify.ts';

/** Told once for every request sent: how it ended. */
export type OnEnd = (connection: Connection, ending: Ending) => void;

/**
 * One keep-alive connection that carries one request at a time, and the handler of that request: both are
 * used again and again, so that sending allocates little.
 */
export class Connection implements Dispatcher.DispatchHandler {
  /** The arrival it carries. */
  arrival = 0;
  sentUs = 0;
  bytes = 0;
  /** Told when the request it carries has ended. */
  onEnd: OnEnd;
  /** The status and headers seen so far; null before them. */
  answer: Answer | null = null;
  readonly #client: Client;
  readonly #clock: RunClock;
  #open = false;
  #isConnected = false;
  #isReused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, clock: RunClock, onEnd: OnEnd) {
    // Undici's own timeouts are off: the attempt's one timeout covers connecting, headers and body.
    this.#client = new Client(url, {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: 0,
    });
    this.#client.on('connect', () => (this.#isConnected = true));
    this.#client.on('disconnect', () => (this.#isConnected = this.#isReused = false));
    this.#clock = clock;
    this.onEnd = onEnd;
  }

  /** Sends a request now, opening the connection first where there is none. */
  send(arrival: number, request: Dispatcher.DispatchOptions, timeoutMs: number): void {
    this.arrival = arrival;
    this.bytes = 0;
    this.answer = null;
    this.#open = true;
    this.#isReused = this.#isConnected;
    this.#timer = setTimeout(() => this.#giveUp(), timeoutMs);
    this.sentUs = this.#clock.nowUs();
    this.#client.dispatch(request, this);
  }

  /** Gives the request up, if there is one, without an ending; the connection can't be used again. */
  destroy(): void {
    this.#close();
    this.#client.destroy().catch(() => undefined);
  }

  onRequestStart(): void {
    // Undici looks at an idle socket for one turn of the loop before it writes: that wait is the lane's.
    // The time to open a socket is the service's, so there the moment of sending stays.
    if (this.#isReused) this.sentUs = this.#clock.nowUs();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200) this.answer = readAnswer(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
  }

  onResponseEnd(): void {
    if (this.#close()) this.onEnd(this, 'answered');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    // A request that can't even be written down is a mistake of the scenario, not of the service.
    if ('code' in error && error.code === 'UND_ERR_INVALID_ARG') throw error;
    if (!this.#close()) return;
    this.destroy();
    this.onEnd(this, 'broken');
  }

  #giveUp(): void {
    if (!this.#close()) return;
    this.destroy();
    this.onEnd(this, 'timeout');
  }

  /** Whether the request was open until now: whatever comes later belongs to no request. */
  #close(): boolean {
    clearTimeout(this.#timer);
    const wasOpen = this.#open;
    this.#open = false;
    return wasOpen;
  }
}
