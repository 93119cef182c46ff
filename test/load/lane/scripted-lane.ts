import { vi } from 'vitest';
import type { RunClock } from '../../../src/base/clock.ts';
import type { Attempt } from '../../../src/evidence/attempt.ts';
import { Lane } from '../../../src/load/lane/lane.ts';
import { sharingOf } from '../../../src/load/lane/lanes.ts';
import { progressOf } from '../../../src/load/lane/progress.ts';
import { shareSchedule } from '../../../src/load/lane/shared.ts';
import type { LaneOrders } from '../../../src/load/lane/thread-message.ts';
import type { LaneReport } from '../../../src/load/load.ts';
import type { HttpRequest } from '../../../src/load/request/http-request.ts';
import { makeCookieJars } from '../../../src/load/request/cookies.ts';
import { RequestBuilder } from '../../../src/load/request/request-builder.ts';
import type { Connection, Incoming, Transport, WireEnd } from '../../../src/load/transport.ts';
import type { RetryPolicy } from '../../../src/scenario/clients/client.ts';
import { clientOf, route } from '../../plan/scenario.ts';

/** A run clock that goes with vitest's fake timers and, where a step is given, a little further at each look. */
export class FakeClock implements RunClock {
  readonly originNs = 0n;
  stepUs = 0;
  #steppedUs = 0;
  #looks = 0;

  nowUs(): number {
    this.#steppedUs += this.stepUs;
    // A lane that spins on a clock that stands still would never end.
    if ((this.#looks += 1) > 1_000_000) throw new Error('somebody waits for a clock that stands still');
    return Date.now() * 1000 + this.#steppedUs;
  }
}

/** From here on timers and clocks move by hand, from 0. */
export function fakeTime(): FakeClock {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
  return new FakeClock();
}

const nothingYet: Incoming = { status: null, headers: {}, bytes: 0, body: null };

/** A connection that the test answers. */
export class ScriptedConnection implements Connection {
  onEnd: (end: WireEnd) => void = () => undefined;
  sentUs = 0;
  connectUs: number | null = null;
  endedUs = 0;
  brokenBy: string | null = null;
  incoming = nothingYet;
  isDestroyed = false;
  readonly requests: HttpRequest[] = [];
  readonly #clock: RunClock;
  readonly #respond: Respond;

  constructor(clock: RunClock, respond: Respond) {
    this.#clock = clock;
    this.#respond = respond;
  }

  send(request: HttpRequest): void {
    if (this.isDestroyed) throw new Error('sent on a dead connection');
    this.sentUs = this.#clock.nowUs();
    this.incoming = nothingYet;
    this.requests.push(request);
    this.#respond(this, request);
  }

  isUsable(): boolean {
    return !this.isDestroyed;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  /** A whole answer, some time from now. */
  answerIn(ms: number, status = 200, headers: Incoming['headers'] = {}): void {
    this.#later(ms, () => {
      this.incoming = { status, headers, bytes: 2, body: null };
      this.onEnd('answered');
    });
  }

  breakIn(ms: number, why: string): void {
    this.#later(ms, () => {
      this.brokenBy = why;
      this.onEnd('broken');
    });
  }

  #later(ms: number, act: () => void): void {
    setTimeout(() => {
      if (this.isDestroyed) return;
      this.endedUs = this.#clock.nowUs();
      act();
    }, ms);
  }
}

/** What happens to a request: the connection is to answer, to break, or to stay silent. */
export type Respond = (connection: ScriptedConnection, request: HttpRequest) => void;

/** A policy that always waits as long, whatever ended the attempt. */
export function retryAfter(initialMs: number, more: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    name: 'custom',
    maxAttempts: 3,
    backoff: { initialMs, maxMs: initialMs, multiplier: 1, jitter: 'none' },
    throttledInitialMs: null,
    retryOn: { statuses: [503], connect: true, timeout: true },
    retryAfter: 'ignore',
    budget: null,
    layers: 1,
    ...more,
  };
}

/** What a test wants of its lane; arrivals are milliseconds since load start. */
export type WantedLane = Partial<LaneOrders> & { readonly arrivalsMs?: readonly number[] };

/** A lane over connections that the test answers, with all that came of it. */
export class ScriptedLane {
  readonly connections: ScriptedConnection[] = [];
  readonly attempts: Attempt[] = [];
  readonly reports: LaneReport[] = [];
  readonly lane: Lane;
  readonly builder: RequestBuilder;
  readonly #orders: LaneOrders;

  constructor(clock: RunClock, respond: Respond, wanted: WantedLane = {}) {
    this.#orders = ordersOf(wanted);
    this.builder = new RequestBuilder(this.#orders, this.#orders.client.cookies ? makeCookieJars() : null);
    const connect = (): ScriptedConnection => {
      const connection = new ScriptedConnection(clock, respond);
      this.connections.push(connection);
      return connection;
    };
    const transport: Transport = { connect };
    this.lane = new Lane(
      this.#orders,
      { clock, transport, builder: this.builder },
      {
        onAttempt: (attempt) => this.attempts.push(attempt),
        onDone: (report) => this.reports.push(report),
      },
    );
  }

  get cells(): Int32Array {
    return this.#orders.shared.cells;
  }

  get progress() {
    return progressOf(this.#orders.shared);
  }

  /** Publishes every arrival at its time, as the pacer does, and goes on until nothing is left to happen. */
  async play(): Promise<void> {
    const { shared, loadStartUs } = this.#orders;
    for (let due = 0; due < shared.count;) {
      const atUs = shared.intendedUs[due]!;
      while (due < shared.count && shared.intendedUs[due] === atUs) due += 1;
      await vi.advanceTimersByTimeAsync((loadStartUs + atUs) / 1000 - Date.now());
      this.lane.sendUpTo(due);
    }
    await vi.runAllTimersAsync();
  }
}

function ordersOf({ arrivalsMs = [], ...wanted }: WantedLane): LaneOrders {
  const indexes = new Uint16Array(arrivalsMs.length);
  const intendedUs = Float64Array.from(arrivalsMs, (ms) => ms * 1000);
  const sharing = wanted.sharing ?? sharingOf(1, 1, false, 7);
  return {
    lane: 0,
    firstArrival: 0,
    shared: shareSchedule(
      { count: arrivalsMs.length, intendedUs, route: indexes, phase: indexes },
      sharing.lanes,
    ),
    sharing,
    originNs: 0n,
    loadStartUs: 0,
    url: 'http://127.0.0.1:1',
    warmPath: null,
    connectionsAhead: 2,
    maxInFlight: 100,
    client: clientOf(),
    acquireTimeoutMs: 1000,
    seed: 7,
    requests: [route('ok')],
    data: {},
    phases: ['only'],
    closed: [],
    token: null,
    ...wanted,
  };
}
