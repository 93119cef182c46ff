import type { AnswerHeaders } from './answer.ts';
import type { Outgoing } from './outgoing.ts';

/** How an exchange ended: with a whole answer, or without one. */
export type WireEnd = 'answered' | 'broken';

/** What came back so far. */
export interface Incoming {
  /** Null before the head of the answer. */
  readonly status: number | null;
  readonly headers: AnswerHeaders;
  /** Bytes of the body so far. */
  readonly bytes: number;
  /** The first of them, as many as the request wanted kept. */
  readonly body: Buffer | null;
}

/**
 * One connection that carries one request at a time. It has no timeouts of its own: whoever sends gives up by
 * destroying it.
 */
export interface Connection {
  /** Told once for each request sent, unless the connection is destroyed before; never from within `send`. */
  onEnd: (end: WireEnd) => void;
  /** When the request went to its socket, or to one that was just being opened; microseconds on the run clock. */
  readonly sentUs: number;
  /** When the last byte of the answer was read, or the connection was found broken. */
  readonly endedUs: number;
  readonly incoming: Incoming;
  /** Sends now, opening the socket first where there is none. */
  send(request: Outgoing): void;
  /** Whether it may carry another request: open or never opened, and not idle for longer than servers keep it. */
  isUsable(nowUs: number): boolean;
  /** Closes the socket at once. Nothing is told any more. */
  destroy(): void;
}

/** Makes connections to one origin. */
export interface Transport {
  connect(): Connection;
}
