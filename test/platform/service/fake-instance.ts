import type { Dispatcher } from 'undici';
import type { InstanceWatch } from '../../../src/platform/local/fleet/member.ts';
import type { InstanceEnd } from '../../../src/platform/local/instance/instance-end.ts';
import type { RunningInstance } from '../../../src/platform/local/instance/running-instance.ts';

const unwatched: InstanceWatch<InstanceEnd> = {
  ready: () => undefined,
  available: () => undefined,
  leaving: () => undefined,
  ended: () => undefined,
};

/** An instance that does what the test says, and remembers what it was told. */
export class FakeInstance implements RunningInstance {
  readonly id: string;
  readonly revision: string;
  readonly reason: string;
  /** What it was told, in order. */
  readonly done: string[] = [];
  /** Where its requests went, those that have their answer included. */
  readonly paths: string[] = [];
  /** Requests without an answer. */
  readonly requests: Dispatcher.DispatchHandler[] = [];
  /** How many requests were cut off, and how often its answers were told to wait and to go on. */
  cut = 0;
  paused = 0;
  resumed = 0;
  isRunning = true;
  readonly #watch: InstanceWatch<InstanceEnd>;

  constructor(id: string, revision: string, reason = '', watch = unwatched) {
    this.id = id;
    this.revision = revision;
    this.reason = reason;
    this.#watch = watch;
  }

  readonly pool = {
    dispatch: ({ path }: { readonly path: string }, handler: Dispatcher.DispatchHandler): boolean => {
      this.paths.push(path);
      this.requests.push(handler);
      handler.onRequestStart?.(this.#controller(0), {});
      return true;
    },
  };

  ready(startupUs = 1000): void {
    this.#watch.ready(startupUs);
  }

  end(cause: InstanceEnd['cause']): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.#watch.leaving();
    this.#watch.ended({
      cause,
      container: 'app',
      program: 'node server.mjs',
      port: 8080,
      startupProbe: null,
      fixedPorts: [],
      exit: { code: null, signal: null, error: null, output: [] },
      problem: null,
    });
  }

  /** Answers the request that has waited longest. */
  answer(status: number, body = ''): void {
    this.finish(this.begin(status, body, body.length));
  }

  /** The last byte of an answer that was begun. */
  finish(handler: Dispatcher.DispatchHandler | undefined): void {
    this.requests.shift();
    handler?.onResponseEnd?.(this.#controller(0), {});
  }

  /** Sends the status and a first part of its answer, without a length unless one is given. */
  begin(status: number, part: string, bytes?: number): Dispatcher.DispatchHandler | undefined {
    const [handler] = this.requests;
    const controller = this.#controller(bytes);
    handler?.onResponseStart?.(controller, status, {});
    if (part !== '') handler?.onResponseData?.(controller, Buffer.from(part));
    return handler;
  }

  /** The connection of that request is gone. */
  breakOff(error: Error): void {
    this.requests.shift()?.onResponseError?.(this.#controller(), error);
  }

  stop(graceMs: number, reason: string): void {
    this.done.push(`stop ${reason} ${graceMs}`);
    this.end('stopped');
  }

  busy(): void {
    this.done.push('busy');
  }

  idle(): void {
    this.done.push('idle');
  }

  kill(): void {
    this.done.push('kill');
    this.end('killed');
  }

  hang(): void {
    this.done.push('hang');
  }

  resume(): void {
    this.done.push('resume');
  }

  /** The instance's side of a request, as undici hands it on. */
  #controller(bytes?: number): Dispatcher.DispatchController {
    return {
      rawHeaders: bytes === undefined ? [] : [Buffer.from('content-length'), Buffer.from(String(bytes))],
      rawTrailers: [],
      aborted: false,
      paused: false,
      reason: null,
      abort: (error: Error) => {
        this.cut += 1;
        this.breakOff(error);
      },
      pause: () => void (this.paused += 1),
      resume: () => void (this.resumed += 1),
    };
  }
}
