import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Caller, Place, Refusal } from './fleet.ts';
import { readResponseHeaders, type RequestHead } from './headers.ts';
import type { Instance } from './instance.ts';
import { answer, type AnswerReason } from './platform-answer.ts';
import { BodyTooLarge, type RequestBody } from './request-body.ts';

/** What all exchanges of a front share. */
export interface ExchangeSetting {
  readonly nowUs: () => number;
  readonly timeoutUs: number;
  readonly maxBodyBytes: number;
  /** The instance is done with the request. */
  readonly release: (place: Place<Instance>) => void;
  /** The platform answered by itself. */
  readonly onAnswer: (reason: AnswerReason, waitedUs: number) => void;
}

/**
 * One request, from its arrival to the instance's last byte. The caller and the instance are told apart:
 * a caller that leaves, or that got its 504, does not end the instance's work, and the place stays taken
 * until the instance has answered (Cloud Run does not pass disconnects on over HTTP/1.1).
 */
export class Exchange implements Caller<Instance>, Dispatcher.DispatchHandler {
  readonly arrivedUs: number;
  readonly #setting: ExchangeSetting;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #head: RequestHead;
  readonly #body: RequestBody;
  #place: Place<Instance> | null = null;
  #involved: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Nothing more goes to the caller: it has left, or the platform has answered. */
  #cut = false;

  constructor(
    setting: ExchangeSetting,
    request: IncomingMessage,
    response: ServerResponse,
    arrivedUs: number,
    head: RequestHead,
    body: RequestBody,
  ) {
    this.#setting = setting;
    this.#request = request;
    this.#response = response;
    this.arrivedUs = arrivedUs;
    this.#head = head;
    this.#body = body;
    response.once('close', () => (this.#cut = true));
  }

  handTo(place: Place<Instance>): void {
    const { nowUs, timeoutUs } = this.#setting;
    const receivedUs = nowUs();
    const { instance } = place;
    this.#place = place;
    this.#involved = [
      'x-poolproof-instance',
      instance.id,
      'x-poolproof-revision',
      instance.revision,
      'x-poolproof-received-us',
      String(receivedUs),
    ];
    this.#armTimeout(this.arrivedUs + timeoutUs - receivedUs);
    instance.pool.dispatch(
      {
        path: pathOf(this.#request.url ?? '/'),
        method: this.#request.method as Dispatcher.HttpMethod,
        headers: this.#head.headers,
        body: this.#body,
      },
      this,
    );
  }

  refuse(reason: Refusal): void {
    this.#answer(reason);
    if (this.#body instanceof Readable) this.#body.destroy();
  }

  onRequestStart(): void {
    // Marks this as a handler of undici's present interface.
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage?: string,
  ): void {
    if (status < 200 || this.#cut) return;
    const headers = readResponseHeaders((controller.rawHeaders ?? []) as readonly Buffer[]);
    if (declaredBytes(headers) > this.#setting.maxBodyBytes) {
      this.#answer('response_too_large');
      return;
    }
    this.#response.writeHead(status, statusMessage ?? '', [...headers, ...this.#involved]);
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

  /** The caller's time is over. The instance is not told. */
  #armTimeout(leftUs: number): void {
    this.#timer = setTimeout(
      () => {
        // A timer may fire a fraction of a millisecond early; the caller was promised the whole time.
        const leftNowUs = this.arrivedUs + this.#setting.timeoutUs - this.#setting.nowUs();
        if (leftNowUs > 0) this.#armTimeout(leftNowUs);
        else this.#timedOut();
      },
      Math.ceil(leftUs / 1000),
    );
  }

  #timedOut(): void {
    if (this.#cut) return;
    if (!this.#response.headersSent) {
      this.#answer('timeout');
      return;
    }
    // The status has gone out: the stream just ends.
    this.#setting.onAnswer('timeout', this.#setting.nowUs() - this.arrivedUs);
    this.#cut = true;
    this.#response.destroy();
  }

  #answer(reason: AnswerReason): void {
    if (this.#cut || this.#response.headersSent) return;
    this.#cut = true;
    this.#setting.onAnswer(reason, this.#setting.nowUs() - this.arrivedUs);
    answer(this.#response, reason, this.#involved);
  }

  #done(): void {
    clearTimeout(this.#timer);
    const place = this.#place;
    this.#place = null;
    if (place !== null) this.#setting.release(place);
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
