import { connect, type Socket } from 'node:net';
import type { RunClock } from '../../base/clock.ts';
import type { AnswerHeaders } from '../answer/answer.ts';
import type { HttpRequest } from '../request/http-request.ts';
import type { Connection, Transport, WireEnd } from '../transport.ts';
import { AnswerReader } from './answer-reader.ts';
import { checkRequest } from './check-request.ts';
import { idleTrustUs } from './idle-trust.ts';
import { requestText } from './request-text.ts';
import type { TransportSetting } from '../transport.ts';

/** The origin that requests go to. */
interface HttpOrigin {
  readonly host: string;
  readonly port: number;
  /** The header lines of every request, each ended by CRLF. */
  readonly lines: string;
  /** The connection ends with its first answer. */
  readonly isFresh: boolean;
}

/** The kernel tries again after a second where the other side's backlog has no room. */
const backlogFullUs = 1_000_000;

/**
 * One buffer for all sockets of the thread: each read is consumed before the next one begins, so that reading
 * allocates nothing.
 */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** Makes connections of plain HTTP/1.1. */
export function httpTransport(url: URL, { clock, connections }: TransportSetting): Transport {
  const isFresh = connections === 'fresh';
  const origin = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 80 : Number(url.port),
    lines: `host: ${url.host}\r\nconnection: ${isFresh ? 'close' : 'keep-alive'}\r\n`,
    isFresh,
  };
  return { connect: () => new HttpConnection(origin, clock) };
}

/** HTTP/1.1 over a socket of its own. A request is written as one string, and the head of an answer read as one. */
class HttpConnection implements Connection {
  onEnd: (end: WireEnd) => void = () => undefined;
  sentUs = 0;
  connectUs: number | null = null;
  endedUs = 0;
  brokenBy: string | null = null;
  readonly incoming = new AnswerReader();
  readonly #origin: HttpOrigin;
  readonly #clock: RunClock;
  #socket: Socket | null = null;
  #state: 'new' | 'busy' | 'idle' | 'dead' = 'new';
  #keepAlive: AnswerHeaders[string];
  #trustUs = idleTrustUs(undefined);

  constructor(origin: HttpOrigin, clock: RunClock) {
    this.#origin = origin;
    this.#clock = clock;
  }

  send(request: HttpRequest): void {
    if (this.#state !== 'new' && this.#state !== 'idle')
      throw new Error(`sent on a ${this.#state} connection`);
    checkRequest(request);
    const text = requestText(request, this.#origin.lines);
    this.incoming.begin(request.method, request.keepBytes);
    this.#state = 'busy';
    this.sentUs = this.#clock.nowUs();
    this.connectUs = null;
    this.#socket ??= this.#open();
    this.#socket.write(text, 'latin1');
  }

  isUsable(nowUs: number): boolean {
    if (this.#state !== 'idle') return this.#state === 'new';
    return nowUs - this.endedUs < this.#trustUs;
  }

  destroy(): void {
    this.#state = 'dead';
    this.#socket?.destroy();
  }

  #open(): Socket {
    const { host, port } = this.#origin;
    const socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: this.#read },
    });
    // Before the first write, which waits for the same event: so it is heard right ahead of it.
    socket.once('connect', () => this.#opened(socket));
    socket.on('end', this.#closed);
    socket.on('error', this.#failed);
    return socket;
  }

  #opened({ remoteAddress }: Socket): void {
    const nowUs = this.#clock.nowUs();
    this.connectUs = nowUs - this.sentUs;
    if (isLoopback(remoteAddress ?? '') && this.connectUs < backlogFullUs) this.sentUs = nowUs;
  }

  readonly #read = (count: number): boolean => {
    // Bytes without a request, such as a 408 from a server that closes an idle connection, belong to none.
    if (this.#state !== 'busy') this.destroy();
    else this.#go(this.incoming.read(readBuffer, count));
    return true;
  };

  readonly #closed = (): void => {
    if (this.#state === 'busy' && this.incoming.close() === 'whole') this.#answered();
    else this.#break('closed');
  };

  readonly #failed = (error: NodeJS.ErrnoException): void => this.#break(error.code ?? error.message);

  #go(progress: ReturnType<AnswerReader['read']>): void {
    if (progress === 'whole') this.#answered();
    else if (progress === 'malformed') this.#break('malformed');
  }

  #answered(): void {
    this.endedUs = this.#clock.nowUs();
    // An answer may come before the request is fully written; the rest would then precede the next request.
    if (this.incoming.staysOpen && !this.#origin.isFresh && this.#socket?.writableLength === 0) this.#rest();
    else this.destroy();
    this.onEnd('answered');
  }

  #rest(): void {
    this.#state = 'idle';
    const keepAlive = this.incoming.headers['keep-alive'];
    // Servers send the same value every time: it is parsed once.
    if (keepAlive === this.#keepAlive) return;
    this.#keepAlive = keepAlive;
    this.#trustUs = idleTrustUs(keepAlive);
  }

  #break(why: string): void {
    const wasBusy = this.#state === 'busy';
    this.destroy();
    if (!wasBusy) return;
    this.brokenBy = why;
    this.endedUs = this.#clock.nowUs();
    this.onEnd('broken');
  }
}

function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\./.test(address) || address === '::1';
}
