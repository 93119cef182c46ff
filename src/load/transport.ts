import type { RunClock } from '../base/clock.ts';
import type { AnswerHeaders } from './answer/answer.ts';
import type { HttpRequest } from './request/http-request.ts';

/** How an exchange ended: with a whole answer, or without one. */
export type WireEnd = 'answered' | 'broken';

/** What came back so far. It belongs to the connection and is begun anew by the next `send`. */
export interface Incoming {
  /** Null before the head of the answer. */
  readonly status: number | null;
  /** Of one answer alone: never changed afterwards. */
  readonly headers: AnswerHeaders;
  /** Bytes of the body so far. */
  readonly bytes: number;
  /** The first of them, as many as the request wanted kept; null where it wanted none. */
  readonly body: Buffer | null;
}

/**
 * One connection that carries one request at a time, over one socket in all its life. It has no timeouts of its
 * own: whoever sends gives up by destroying it.
 */
export interface Connection {
  /** Told once for each request sent, unless the connection is destroyed before; never from within `send`. */
  onEnd: (end: WireEnd) => void;
  /** When the request went to its socket, or to one that was just being opened; microseconds on the run clock. */
  readonly sentUs: number;
  /** When the last byte of the answer was read, or the connection was found broken. */
  readonly endedUs: number;
  /** Why it broke: what the system calls it (`ECONNRESET`), `closed` too early, or `malformed`; else null. */
  readonly brokenBy: string | null;
  readonly incoming: Incoming;
  /**
   * Sends now, opening the socket first where there is none. Throws `InputError` where the request has
   * characters that can't be sent; the connection stays as it was.
   */
  send(request: HttpRequest): void;
  /** Whether it may carry another request: open or never opened, and not idle for longer than servers keep it. */
  isUsable(nowUs: number): boolean;
  /** Closes the socket at once. Nothing is told any more; what came back so far stays. */
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
