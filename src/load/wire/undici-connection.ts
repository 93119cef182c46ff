import type { IncomingHttpHeaders } from 'node:http';
import { createSecureContext } from 'node:tls';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { RunClock } from '../../base/clock.ts';
import type { AnswerHeaders } from '../answer/answer.ts';
import type { HttpRequest } from '../request/http-request.ts';
import { failureBytes, isFailure } from '../answer/read-failure.ts';
import type { Connection, Incoming, Transport, WireEnd } from '../transport.ts';
import { Body } from './body.ts';
import { checkRequest } from './check-request.ts';
import { framingOf, staysOpen } from './framing.ts';
import { idleTrustUs, marginUs, usualTrustUs } from './idle-trust.ts';
import { limitBytes } from './text-block.ts';
import type { TransportSetting } from '../transport.ts';
import { codeOf, reasonOf, wrongLength } from './undici-error.ts';

/** What all connections of a transport share. */
interface Common {
  readonly origin: string;
  readonly options: Client.Options;
  readonly clock: RunClock;
  readonly isFresh: boolean;
}

const noHeaders: AnswerHeaders = {};
const ignore = (): void => undefined;

/** Makes connections through undici, with TLS. */
export function undiciTransport(url: URL, { clock, connections, ca }: TransportSetting): Transport {
  // One context for all, because reading the authorities is slow. One connector for all, so that later connections
  // resume the TLS session of an earlier one, as they do in a real client process.
  const secureContext = createSecureContext(ca === undefined ? {} : { ca });
  const options: Client.Options = {
    connect: buildConnector({ secureContext, timeout: 0 }),
    pipelining: 1,
    // Undici's own timeouts are off: one timeout of the attempt covers connecting, headers and body.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: usualTrustUs / 1000,
    keepAliveMaxTimeout: usualTrustUs / 1000,
    keepAliveTimeoutThreshold: marginUs / 1000,
    maxHeaderSize: limitBytes,
  };
  const common = { origin: url.origin, options, clock, isFresh: connections === 'fresh' };
  return { connect: () => new UndiciConnection(common) };
}

/**
 * An undici client with a single socket that is also the handler of its requests: both are reused, so that sending
 * allocates little.
 */
class UndiciConnection implements Connection, Incoming, Dispatcher.DispatchHandler {
  onEnd: (end: WireEnd) => void = ignore;
  sentUs = 0;
  connectUs: number | null = null;
  endedUs = 0;
  brokenBy: string | null = null;
  status: number | null = null;
  headers = noHeaders;
  readonly #body = new Body();
  readonly #common: Common;
  readonly #client: Client;
  #state: 'new' | 'busy' | 'idle' | 'dead' = 'new';
  #isReused = false;
  #isHead = false;

  constructor(common: Common) {
    this.#common = common;
    this.#client = new Client(common.origin, common.options);
    this.#client.on('disconnect', () => {
      this.#isReused = false;
      if (this.#state === 'idle') this.destroy();
    });
  }

  get incoming(): Incoming {
    return this;
  }

  get bytes(): number {
    return this.#body.bytes;
  }

  get body(): Buffer | null {
    return this.#body.kept;
  }

  send(request: HttpRequest): void {
    if (this.#state !== 'new' && this.#state !== 'idle')
      throw new Error(`sent on a ${this.#state} connection`);
    checkRequest(request);
    const { method, path, headers, extra, body, keepBytes } = request;
    this.status = null;
    this.headers = noHeaders;
    this.#body.begin(keepBytes);
    this.#isReused = this.#state === 'idle';
    this.#isHead = method === 'HEAD';
    this.#state = 'busy';
    this.sentUs = this.#common.clock.nowUs();
    this.connectUs = null;
    const pairs = extra.length === 0 ? headers.pairs : [...headers.pairs, ...extra];
    // Always given: without it undici closes after every HEAD.
    const reset = this.#common.isFresh;
    this.#client.dispatch({ method, path, headers: pairs as string[], body, reset }, this);
  }

  isUsable(nowUs: number): boolean {
    if (this.#state !== 'idle') return this.#state === 'new';
    return nowUs - this.endedUs < idleTrustUs(this.headers['keep-alive']);
  }

  destroy(): void {
    this.#state = 'dead';
    this.#client.destroy(null, ignore);
  }

  onRequestStart(): void {
    // Before undici writes to an idle socket it waits a turn of the event loop. That wait is the generator's own.
    // Opening a socket is part of the response time, so on a new connection `sentUs` stays.
    const nowUs = this.#common.clock.nowUs();
    if (this.#isReused) this.sentUs = nowUs;
    else this.connectUs = nowUs - this.sentUs;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    if (isFailure(status)) this.#body.keepAtLeast(failureBytes);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.take(chunk, 0, chunk.length);
  }

  onResponseEnd(): void {
    if (this.#state !== 'busy') return;
    this.endedUs = this.#common.clock.nowUs();
    if (this.#mayStayOpen()) this.#state = 'idle';
    else this.destroy();
    this.#tell('answered');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    // A request that can't be written is a mistake in the scenario, not a failure of the service.
    if (codeOf(error) === 'UND_ERR_INVALID_ARG') throw error;
    if (this.#state !== 'busy') return;
    this.endedUs = this.#common.clock.nowUs();
    this.destroy();
    // A 304 may give the length that a 200 would have; undici then misses the body and closes.
    const isWhole = this.status === 304 && codeOf(error) === wrongLength;
    if (!isWhole) this.brokenBy = reasonOf(error);
    this.#tell(isWhole ? 'answered' : 'broken');
  }

  #mayStayOpen(): boolean {
    const head = { status: this.status ?? 0, isHttp10: false, headers: this.headers };
    const framing = framingOf(head, this.#isHead);
    return !this.#common.isFresh && framing !== null && staysOpen(head, framing);
  }

  /** Undici swallows what its handlers throw, but a defect of ours must be seen. */
  #tell(end: WireEnd): void {
    try {
      this.onEnd(end);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}
