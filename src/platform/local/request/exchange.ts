import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { TurnWatch } from '../../../base/turn-watch.ts';
import type { Place } from '../fleet/member.ts';
import type { Refusal } from '../fleet/profile.ts';
import type { Caller } from '../fleet/pending-request.ts';
import { readResponseHeaders, type RequestHead } from './headers.ts';
import type { RunningInstance } from '../instance/running-instance.ts';
import { answer, type AnswerReason } from './platform-answer.ts';
import { BodyTooLarge, type RequestBody } from './request-body.ts';

/** What all exchanges of one front proxy share. */
export interface ExchangeSetting {
  readonly nowUs: () => number;
  readonly turns: TurnWatch;
  readonly maxBodyBytes: number;
  /** After a 504: keep the place until the instance has answered, free it, or abort the request at the instance. */
  readonly slotAfterTimeout: 'held' | 'freed' | 'cut';
  /** The platform answered by itself. */
  readonly onAnswer: (answered: Answered) => void;
}

/** An answer of the platform's own. */
export interface Answered {
  readonly reason: AnswerReason;
  readonly waitedUs: number;
  /** Null: the request was answered before one was chosen. */
  readonly revision: string | null;
}

/** Where a request goes: the revision drawn for it. */
export interface Destination {
  readonly revision: string;
  readonly timeoutUs: number;
  /** Forwards the request now or later, or refuses it. */
  submit(exchange: Exchange): void;
  /** The instance is done with the request. */
  release(place: Place<RunningInstance>): void;
}

/** A request as it came. */
export interface Incoming {
  readonly arrivedUs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly body: RequestBody;
}

/**
 * A handshake on one machine takes the kernel microseconds. Where the instance's backlog is full the first try is lost,
 * and the next one follows after a second: that is the instance's doing.
 */
const backlogFullUs = 1_000_000;

/**
 * One request, from its arrival to the instance's last byte. Caller and instance are independent: when the caller
 * leaves or gets a 504, the instance works on, and its place stays taken until it has answered (Cloud Run does not
 * pass disconnects on over HTTP/1.1).
 */
export class Exchange implements Caller<RunningInstance>, Dispatcher.DispatchHandler {
  readonly arrivedUs: number;
  /** The emulator's own share of the time: no wait for a place, and nothing of what the instance does. */
  #ownUs: number;
  readonly #submittedUs: number;
  #receivedUs = 0;
  readonly #setting: ExchangeSetting;
  readonly #destination: Destination;
  readonly #incoming: Incoming;
  readonly #response: ServerResponse;
  #place: Place<RunningInstance> | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #involved: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Nothing more is sent to the caller: it has left, or the platform has answered. */
  #cut = false;

  constructor(setting: ExchangeSetting, destination: Destination, incoming: Incoming) {
    this.#setting = setting;
    this.#destination = destination;
    this.#incoming = incoming;
    this.#response = incoming.response;
    this.arrivedUs = incoming.arrivedUs;
    this.#submittedUs = setting.nowUs();
    this.#ownUs = this.#submittedUs - incoming.arrivedUs;
    this.#response.once('close', () => (this.#cut = true));
  }

  handTo(place: Place<RunningInstance>): void {
    const receivedUs = this.#setting.nowUs();
    const { request, head, body } = this.#incoming;
    const { instance } = place;
    this.#place = place;
    this.#receivedUs = receivedUs;
    this.#involved = [
      'x-poolproof-instance',
      instance.id,
      'x-poolproof-revision',
      instance.revision,
      'x-poolproof-received-us',
      String(receivedUs),
    ];
    this.#armTimeout(this.arrivedUs + this.#destination.timeoutUs - receivedUs);
    instance.pool.dispatch(
      {
        path: pathOf(request.url ?? '/'),
        method: request.method as Dispatcher.HttpMethod,
        headers: head.headers,
        body,
      },
      this,
    );
  }

  refuse(reason: Refusal): void {
    this.#answer(reason);
    const { body } = this.#incoming;
    if (body instanceof Readable) body.destroy();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const handedOnUs = this.#setting.nowUs() - this.#receivedUs;
    if (handedOnUs < backlogFullUs) this.#ownUs += handedOnUs;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage?: string,
  ): void {
    // Every answer ends a wait of its bytes, whether it is passed on or not.
    const waitedUs = this.#setting.turns.waitedUs();
    if (status < 200 || this.#cut) return;
    this.#ownUs += Math.min(waitedUs, this.#setting.nowUs() - this.#submittedUs);
    const headers = readResponseHeaders((controller.rawHeaders ?? []) as readonly Buffer[]);
    if (declaredBytes(headers) > this.#setting.maxBodyBytes) {
      this.#answer('response_too_large');
      return;
    }
    this.#response.writeHead(status, statusMessage ?? '', [...headers, ...this.#told()]);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#cut || this.#response.write(chunk)) return;
    controller.pause();
    const resume = (): void => {
      this.#response.off('drain', resume).off('close', resume);
      controller.resume();
    };
    this.#response.on('drain', resume).on('close', resume);
  }

  onResponseEnd(): void {
    if (!this.#cut) this.#response.end();
    this.#done();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (!this.#cut && this.#response.headersSent) this.#response.destroy();
    this.#answer(error instanceof BodyTooLarge ? 'request_too_large' : 'connection_error');
    this.#done();
  }

  /** The caller's time is over. The instance is not told, unless its request is cut off. */
  #armTimeout(leftUs: number): void {
    this.#timer = setTimeout(
      () => {
        // A timer may fire a fraction of a millisecond early; the caller was promised the whole time.
        const leftNowUs = this.arrivedUs + this.#destination.timeoutUs - this.#setting.nowUs();
        if (leftNowUs > 0) this.#armTimeout(leftNowUs);
        else this.#timedOut();
      },
      Math.ceil(leftUs / 1000),
    );
  }

  #timedOut(): void {
    this.#giveUp();
    const { slotAfterTimeout } = this.#setting;
    if (slotAfterTimeout === 'freed') this.#release();
    if (slotAfterTimeout === 'cut') this.#controller?.abort(new Error('the request took too long'));
  }

  #giveUp(): void {
    if (this.#cut) return;
    if (!this.#response.headersSent) {
      this.#answer('timeout');
      return;
    }
    // The status has gone out: the stream just ends.
    this.#tell('timeout');
    this.#cut = true;
    this.#response.destroy();
  }

  #answer(reason: AnswerReason): void {
    if (this.#cut || this.#response.headersSent) return;
    this.#cut = true;
    this.#tell(reason);
    answer(this.#response, reason, this.#told());
  }

  /** What is known of the request's way, as headers. */
  #told(): readonly string[] {
    return [
      ...this.#involved,
      'x-poolproof-arrived-us',
      String(this.arrivedUs),
      'x-poolproof-own-us',
      String(this.#ownUs),
    ];
  }

  #tell(reason: AnswerReason): void {
    const waitedUs = this.#setting.nowUs() - this.arrivedUs;
    this.#setting.onAnswer({ reason, waitedUs, revision: this.#destination.revision });
  }

  #done(): void {
    clearTimeout(this.#timer);
    this.#release();
  }

  #release(): void {
    const place = this.#place;
    this.#place = null;
    if (place !== null) this.#destination.release(place);
  }
}

function declaredBytes(headers: readonly string[]): number {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === 'content-length') return Number(headers[index + 1]);
  }
  return 0;
}

/** A request line may carry a whole URL. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  return URL.canParse(url) ? new URL(url).pathname + new URL(url).search : `/${url}`;
}
