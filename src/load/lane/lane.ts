import type { RunClock } from '../../base/clock.ts';
import { hashString, randomAt } from '../../base/random.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import { makeRouteMix } from '../../plan/route-mix.ts';
import type { LogicalRequest } from './logical-request.ts';
import { startClosedClients } from './closed-clients.ts';
import { Dispatcher, type OnAttempt } from './dispatcher.ts';
import type { RequestBuilder } from '../request/request-builder.ts';
import { startLaneMeter, type LaneMeter } from './lane-meter.ts';
import { clientOf, ownerOf } from './lanes.ts';
import type { LaneReport } from '../load.ts';
import { learnAhead } from '../pacer/pacing.ts';
import { Retries } from './retries.ts';
import { cell } from './shared.ts';
import type { LaneOrders } from './thread-message.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Transport } from '../transport.ts';
import { warmUp } from './warm-up.ts';

/** Where a lane's observations go. */
export interface LaneSink {
  readonly onAttempt: (attempt: Attempt) => void;
  /** Once, when all arrivals of the lane are sent or dropped, or it was stopped, and nothing is open. */
  readonly onDone: (report: LaneReport) => void;
}

/** What is known of a request when it is due. */
type Given = Pick<LogicalRequest, 'arrival' | 'client' | 'route' | 'phase' | 'nth' | 'intendedUs'>;

/** What a lane works with. */
export interface LaneTools {
  readonly clock: RunClock;
  readonly transport: Transport;
  readonly builder: RequestBuilder;
}

/** Warming up ends this long before the first phase, so that its last answers have come by then. */
const calmUs = 200_000;

/** One thread's share of the load: sends its arrivals when they are due, and the retries its clients would make. */
export class Lane {
  readonly #orders: LaneOrders;
  readonly #clock: RunClock;
  readonly #sink: LaneSink;
  readonly #meter: LaneMeter = startLaneMeter();
  readonly #dispatcher: Dispatcher;
  readonly #retries: Retries;
  /** What is to be sent later: retries, and the next requests of closed clients. */
  readonly #later: TimerQueue;
  readonly #nth: number[];
  /** The route of an arrival that is not in the schedule. */
  readonly #routeOf: (arrival: number) => number;
  #next = 0;
  #extra = 0;
  #aheadUs = 0;
  #isStopped = false;
  #isDone = false;

  constructor(orders: LaneOrders, { clock, transport, builder }: LaneTools, sink: LaneSink) {
    this.#orders = orders;
    this.#clock = clock;
    this.#sink = sink;
    this.#later = new TimerQueue(clock);
    this.#routeOf = drawRoutes(orders);
    this.#retries = new Retries(orders.client.retry, orders.seed);
    this.#nth = orders.requests.map(() => 0);
    const onAttempt = this.#onAttempt;
    const meter = this.#meter;
    this.#dispatcher = new Dispatcher({ orders, clock, meter, transport, builder, onAttempt });
  }

  /** Opens connections and runs the code hot ahead of the load, on a path that reaches no instance. */
  async warmUp(): Promise<void> {
    const { warmPath, connectionsAhead, loadStartUs, client } = this.#orders;
    this.#startClosed();
    if (warmPath === null || client.connections === 'fresh') return;
    const { pool } = this.#dispatcher;
    const setting = { path: warmPath, untilUs: loadStartUs - calmUs, clock: this.#clock };
    pool.addIdle(await warmUp(pool.connect(connectionsAhead), setting));
    this.#meter.reset();
  }

  /** Sends this lane's share of the first `due` arrivals of the schedule, as far as it has not been sent yet. */
  sendUpTo(due: number): void {
    this.#learn(due);
    const { sharing, lane, shared } = this.#orders;
    for (; this.#next < due && !this.#isStopped; this.#next += 1) {
      const route = shared.route[this.#next] ?? 0;
      const nth = this.#nth[route] ?? 0;
      this.#nth[route] = nth + 1;
      if (ownerOf(sharing, this.#next) === lane) this.#sendArrival(this.#next, route, nth);
    }
    this.#finishIfDone();
  }

  /** Sends nothing more; what is still open after `drainMs` is cut off and counted as unfinished. */
  stop(drainMs: number): void {
    this.#isStopped = true;
    this.#later.clear();
    this.#finishIfDone();
    setTimeout(() => {
      this.#dispatcher.cutOff();
      this.#finishIfDone();
    }, drainMs);
  }

  /** How late this lane was woken tells the pacer how far ahead to publish. Lane 0 measures for all of them. */
  #learn(due: number): void {
    const { lane, shared, loadStartUs } = this.#orders;
    if (lane !== 0 || due <= this.#next) return;
    const lateUs = this.#clock.nowUs() - loadStartUs - (shared.intendedUs[this.#next] ?? 0);
    this.#aheadUs = learnAhead(this.#aheadUs, lateUs);
    Atomics.store(shared.cells, cell.aheadUs, Math.round(this.#aheadUs));
  }

  #sendArrival(arrival: number, route: number, nth: number): void {
    const { shared, loadStartUs, sharing, firstArrival } = this.#orders;
    const intendedUs = loadStartUs + (shared.intendedUs[arrival] ?? 0);
    const client = clientOf(sharing, arrival);
    const phase = shared.phase[arrival] ?? 0;
    const request = this.#begin({ arrival: firstArrival + arrival, client, route, phase, nth, intendedUs });
    // The pacer publishes ahead by what waking takes. Spin for the microseconds left: no timer is that precise.
    while (this.#clock.nowUs() < intendedUs);
    this.#dispatcher.send(request);
  }

  #begin(given: Given, onFinal: LogicalRequest['onFinal'] = null): LogicalRequest {
    const { retry, deadlineMs } = this.#orders.client;
    const retries = retry.maxAttempts * retry.layers > 1;
    const deadlineUs = retries ? given.intendedUs + deadlineMs * 1000 : Infinity;
    const request = { ...given, deadlineUs, onFinal, attempt: 1, retry: null };
    if (retries) this.#retries.begin(request, this.#clock.nowUs());
    return request;
  }

  readonly #onAttempt: OnAttempt = (request, attempt, how) => {
    this.#sink.onAttempt(attempt);
    const { status, retryAfterMs, endedUs } = attempt;
    const againUs =
      how === 'dropped' || endedUs === null || this.#isStopped
        ? null
        : this.#retries.next(request, { how, status, retryAfterMs, endedUs });
    if (againUs === null) request.onFinal?.(how !== 'dropped');
    else this.#retry(request, againUs);
    this.#finishIfDone();
  };

  #retry(request: LogicalRequest, atUs: number): void {
    request.attempt += 1;
    request.intendedUs = atUs;
    if (atUs <= this.#clock.nowUs()) this.#dispatcher.send(request);
    else this.#later.add(atUs, () => this.#dispatcher.send(request));
  }

  #startClosed(): void {
    const { closed, lane, sharing, seed } = this.#orders;
    for (const phase of closed)
      startClosedClients(phase, { lane, lanes: sharing.lanes }, seed, {
        nowUs: () => this.#clock.nowUs(),
        at: (us, act) => void this.#later.add(us, () => this.#isStopped || act()),
        send: (index, client, intendedUs, onFinal) =>
          this.#isStopped || this.#dispatcher.send(this.#closedRequest(index, client, intendedUs, onFinal)),
      });
  }

  /** Arrivals of closed clients are numbered after the schedule's; the lanes take turns, so that no number is used twice. */
  #closedRequest(
    phase: number,
    client: number,
    intendedUs: number,
    onFinal: LogicalRequest['onFinal'],
  ): LogicalRequest {
    const { shared, sharing, lane, firstArrival } = this.#orders;
    const arrival = firstArrival + shared.count + lane + sharing.lanes * this.#extra;
    this.#extra += 1;
    const route = this.#routeOf(arrival);
    return this.#begin({ arrival, client, route, phase, nth: arrival, intendedUs }, onFinal);
  }

  #finishIfDone(): void {
    const isOpen = this.#dispatcher.pool.busy.size > 0 || this.#later.size > 0;
    if (this.#isDone || isOpen || (this.#next < this.#orders.shared.count && !this.#isStopped)) return;
    this.#isDone = true;
    this.#dispatcher.close();
    this.#sink.onDone(this.#meter.report(this.#orders.lane));
  }
}

function drawRoutes({ seed, requests }: LaneOrders): (arrival: number) => number {
  const key = hashString(`${seed}/closed`);
  let drawn = 0;
  const draw = makeRouteMix(requests, () => drawn);
  return (arrival) => {
    drawn = randomAt(key, arrival, 0);
    return draw();
  };
}
