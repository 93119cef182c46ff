import type { RunClock } from '../../base/clock.ts';
import { hashString, randomAt } from '../../base/random.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import { makeRouteMix } from '../../plan/route-mix.ts';
import { Agenda } from './timer-heap.ts';
import { makeAlarm, type Alarm } from './alarm.ts';
import type { Call } from './call.ts';
import { startClosedClients } from './closed-clients.ts';
import { Dispatcher, type OnAttempt } from './dispatcher.ts';
import type { Dresser } from '../request/request-builder.ts';
import { startLaneMeter, type LaneMeter } from './lane-meter.ts';
import { clientOf, ownerOf } from './lanes.ts';
import type { LaneReport } from '../load.ts';
import { learnAhead } from '../pacer/pacing.ts';
import { Retries } from './retries.ts';
import { cell } from './shared.ts';
import type { LaneOrders } from './thread-message.ts';
import type { Transport } from '../transport.ts';
import { warmUp } from './warm-up.ts';

/** Where a lane's observations go. */
export interface LaneSink {
  readonly onAttempt: (attempt: Attempt) => void;
  /** Once, when all arrivals of the lane are sent or dropped, or it was stopped, and nothing is open. */
  readonly onDone: (report: LaneReport) => void;
}

/** What a lane works with. */
export interface LaneTools {
  readonly clock: RunClock;
  readonly transport: Transport;
  readonly dresser: Dresser;
}

/** Warming up ends this long before the first phase, so that its last answers are in by then. */
const calmUs = 200_000;

/** One thread's share of the load: sends its arrivals when they are due, and tries again what its clients would. */
export class Lane {
  readonly #orders: LaneOrders;
  readonly #clock: RunClock;
  readonly #sink: LaneSink;
  readonly #meter: LaneMeter = startLaneMeter();
  readonly #dispatcher: Dispatcher;
  readonly #retries: Retries;
  /** Attempts that are to be sent later: retries, and the next calls of closed clients. */
  readonly #later = new Agenda();
  readonly #alarm: Alarm;
  readonly #nth: number[];
  /** The route of an arrival that no schedule has. */
  readonly #routeOf: (arrival: number) => number;
  #next = 0;
  #extra = 0;
  #aheadUs = 0;
  #isStopped = false;
  #isDone = false;

  constructor(orders: LaneOrders, { clock, transport, dresser }: LaneTools, sink: LaneSink) {
    this.#orders = orders;
    this.#clock = clock;
    this.#sink = sink;
    this.#alarm = makeAlarm(this.#later, clock);
    this.#routeOf = drawRoutes(orders);
    this.#retries = new Retries(orders.client.retry, orders.seed);
    this.#nth = orders.requests.map(() => 0);
    const onAttempt = this.#onAttempt;
    const meter = this.#meter;
    this.#dispatcher = new Dispatcher({ orders, clock, meter, transport, dresser, onAttempt });
  }

  /** Opens connections ahead and runs the code hot, against the platform alone. */
  async warmUp(): Promise<void> {
    const { warmPath, connectionsAhead, loadStartUs, client } = this.#orders;
    this.#startClosed();
    if (warmPath === null || client.connections === 'fresh') return;
    const { lines } = this.#dispatcher;
    const untilUs = loadStartUs - calmUs;
    lines.welcome(
      await warmUp(lines.connect(connectionsAhead), { path: warmPath, untilUs, clock: this.#clock }),
    );
    this.#meter.reset();
  }

  /** Sends every arrival of this lane among the first `due` of the schedule, however late it is called. */
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

  /** How late this lane was woken tells the pacer how much ahead to publish; one lane speaks for all. */
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
    const call = this.#callOf({ arrival: firstArrival + arrival, client, route, phase, nth, intendedUs });
    // Published ahead by what waking takes: never sent before its time. A few microseconds, no timer is that fine.
    while (this.#clock.nowUs() < intendedUs);
    this.#dispatcher.send(call);
  }

  #callOf(
    given: Pick<Call, 'arrival' | 'client' | 'route' | 'phase' | 'nth' | 'intendedUs'>,
    onFinal: Call['onFinal'] = null,
  ): Call {
    const { retry, deadlineMs } = this.#orders.client;
    const retries = retry.maxAttempts * retry.layers > 1;
    const deadlineUs = retries ? given.intendedUs + deadlineMs * 1000 : Infinity;
    const { arrival, client, route, phase, nth, intendedUs } = given;
    const call = {
      arrival,
      client,
      route,
      phase,
      nth,
      intendedUs,
      deadlineUs,
      onFinal,
      attempt: 1,
      retry: null,
    };
    if (retries) this.#retries.begin(call, this.#clock.nowUs());
    return call;
  }

  readonly #onAttempt: OnAttempt = (call, attempt, how) => {
    this.#sink.onAttempt(attempt);
    const { status, retryAfterMs, endedUs } = attempt;
    const againUs =
      how === 'dropped' || endedUs === null || this.#isStopped
        ? null
        : this.#retries.next(call, { how, status, retryAfterMs, endedUs });
    if (againUs === null) call.onFinal?.(how !== 'dropped');
    else this.#tryAgain(call, againUs);
    this.#finishIfDone();
  };

  #tryAgain(call: Call, atUs: number): void {
    call.attempt += 1;
    call.intendedUs = atUs;
    if (atUs <= this.#clock.nowUs()) this.#dispatcher.send(call);
    else this.#at(atUs, () => this.#dispatcher.send(call));
  }

  #at(us: number, act: () => void): void {
    this.#later.add(us, act);
    this.#alarm.set();
  }

  #startClosed(): void {
    const { closed, lane, sharing, seed } = this.#orders;
    for (const phase of closed)
      startClosedClients(phase, { lane, lanes: sharing.lanes }, seed, {
        nowUs: () => this.#clock.nowUs(),
        at: (us, act) => this.#at(us, () => this.#isStopped || act()),
        call: (index, client, intendedUs, onFinal) =>
          this.#isStopped || this.#dispatcher.send(this.#closedCall(index, client, intendedUs, onFinal)),
      });
  }

  /** Arrivals of closed clients are numbered beyond the schedule's, each lane's in its own steps. */
  #closedCall(phase: number, client: number, intendedUs: number, onFinal: Call['onFinal']): Call {
    const { shared, sharing, lane, firstArrival } = this.#orders;
    const arrival = firstArrival + shared.count + lane + sharing.lanes * this.#extra;
    this.#extra += 1;
    return this.#callOf(
      { arrival, client, route: this.#routeOf(arrival), phase, nth: arrival, intendedUs },
      onFinal,
    );
  }

  #finishIfDone(): void {
    const isOpen = this.#dispatcher.lines.open.size > 0 || this.#later.size > 0;
    if (this.#isDone || isOpen || (this.#next < this.#orders.shared.count && !this.#isStopped)) return;
    this.#isDone = true;
    this.#alarm.stop();
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
