import type { RunClock } from '../base/clock.ts';
import type { AnswerHeaders } from './answer/answer.ts';
import type { HttpRequest } from './request/http-request.ts';

/** How an exchange ended: with a whole answer, or without one. */
export type WireEnd = 'answered' | 'broken';

/** What has come back so far. It belongs to the connection, and the next `send` resets it. */
export interface Incoming {
  /** Null before the head of the answer. */
  readonly status: number | null;
  /** A new object for every answer: safe to keep. */
  readonly headers: AnswerHeaders;
  /** Bytes of the body so far. */
  readonly bytes: number;
  /** The first of them, as many as the request asked to keep; null where it asked for none. */
  readonly body: Buffer | null;
}

/**
 * A connection that carries one request at a time, over a single socket. It has no timeouts: the sender gives up by
 * destroying it.
 */
export interface Connection {
  /** Called once for each request, unless the connection is destroyed first; never from within `send`. */
  onEnd: (end: WireEnd) => void;
  /**
   * When the request's bytes were written to a connected socket; microseconds on the run clock. Opening a connection
   * over a network, or with TLS, takes round trips with the other side: they are part of the response, so `sentUs` is
   * then when opening began. On loopback the kernel alone opens it, in microseconds, and what passes until the lane
   * hears of that is the lane's own doing: it makes the request late. A backlog that is full shows as a second or
   * more; that is the other side's again. Until the connection is open: when it was handed to the socket.
   */
  readonly sentUs: number;
  /** How long opening the connection took; null where it was open, or never was. */
  readonly connectUs: number | null;
  /** When the last byte of the answer was read, or the connection was found broken. */
  readonly endedUs: number;
  /** Why it broke: the system's code (`ECONNRESET`), `closed` too early, or `malformed`; else null. */
  readonly brokenBy: string | null;
  readonly incoming: Incoming;
  /**
   * Sends now, and opens the socket first if need be. Throws `InputError` if the request has characters that can't be
   * sent; the connection is then left as it was.
   */
  send(request: HttpRequest): void;
  /** Whether it may carry another request: it is new, or open and not idle for longer than servers keep it open. */
  isUsable(nowUs: number): boolean;
  /** Closes the socket at once. `onEnd` is not called any more; `incoming` keeps what it has. */
  destroy(): void;
}

/** How connections are made. */
export interface TransportSetting {
  readonly clock: RunClock;
  /** `fresh`: every connection carries one request, announces that it closes, and closes. */
  readonly connections: 'keep_alive' | 'fresh';
  /** Certificate authorities (PEM) to trust instead of those that Node trusts. */
  readonly ca?: string;
}

/** Makes connections to one origin. */
export interface Transport {
  connect(): Connection;
}
