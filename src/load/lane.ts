import type { RunClock } from '../base/clock.ts';
import type { Attempt } from '../evidence/attempt.ts';
import { droppedAttempt, endedAttempt, unfinishedAttempt, type Planned } from './attempt-record.ts';
import type { Ending } from './classify.ts';
import { Connection } from './connection.ts';
import { startLaneMeter, type LaneMeter } from './lane-meter.ts';
import { arrivalOf, dueOfLane } from './lanes.ts';
import type { LaneReport } from './load.ts';
import { compileRequests, type MakeRequest } from './requests.ts';
import { cell } from './shared.ts';
import type { LaneOrders } from './thread-message.ts';
import { warmUp } from './warm-up.ts';

/** Where a lane's observations go. */
export interface LaneSink {
  readonly onAttempt: (attempt: Attempt) => void;
  /** Once, when all arrivals of the lane are sent or dropped, or it was stopped, and nothing is open. */
  readonly onDone: (report: LaneReport) => void;
}

/** Warming up ends this long before the first phase, so that its last answers are in by then. */
const calmUs = 200_000;

/** One thread's share of the load: sends its arrivals when told they are due, and records how they end. */
export class Lane {
  readonly #orders: LaneOrders;
  readonly #clock: RunClock;
  readonly #meter: LaneMeter = startLaneMeter();
  readonly #sink: LaneSink;
  readonly #requests: readonly MakeRequest[];
  /**
   * Connections that carry nothing, last in first out: the busiest stay warm, the others close when idle.
   * Where none is free a new one is made, which opens its socket under its first request: sending never waits.
   */
  readonly #free: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #planned: number;
  #next = 0;
  #isStopped = false;
  #isDone = false;

  constructor(orders: LaneOrders, clock: RunClock, sink: LaneSink) {
    this.#orders = orders;
    this.#clock = clock;
    this.#sink = sink;
    this.#requests = compileRequests(orders.requests, orders.seed);
    this.#planned = dueOfLane(orders.shared.count, orders.lane, orders.lanes);
  }

  /** Opens connections ahead and runs the code hot, against the platform alone. */
  async warmUp(): Promise<void> {
    const { warmPath, connectionsAhead, loadStartUs } = this.#orders;
    if (warmPath === null) return;
    const untilUs = loadStartUs - calmUs;
    const fresh = Array.from({ length: connectionsAhead }, () => this.#connect());
    for (const connection of await warmUp(fresh, { path: warmPath, untilUs, clock: this.#clock })) {
      connection.onEnd = this.#end;
      this.#free.push(connection);
    }
    this.#meter.reset();
  }

  /** Sends every arrival of this lane before its k-th, and none beyond, however late it is called. */
  sendUpTo(k: number): void {
    const { lane, lanes } = this.#orders;
    for (; this.#next < k && !this.#isStopped; this.#next += 1)
      this.#send(arrivalOf(lane, lanes, this.#next));
    this.#finishIfDone();
  }

  /** Sends nothing more; what is still open after `drainMs` is cut off and counted as unfinished. */
  stop(drainMs: number): void {
    this.#isStopped = true;
    this.#finishIfDone();
    setTimeout(() => {
      for (const connection of this.#open) this.#cutOff(connection);
      this.#finishIfDone();
    }, drainMs);
  }

  #send(arrival: number): void {
    const { shared, maxInFlight, timeoutMs } = this.#orders;
    const request = this.#requests[shared.route[arrival] ?? 0]?.(arrival);
    if (request === undefined) return;
    if (Atomics.add(shared.cells, cell.inFlight, 1) >= maxInFlight) {
      this.#drop(arrival);
      return;
    }
    Atomics.add(shared.cells, cell.sent, 1);
    const connection = this.#free.pop() ?? this.#connect();
    this.#open.add(connection);
    connection.send(arrival, request, timeoutMs);
  }

  #connect(): Connection {
    return new Connection(this.#orders.url, this.#clock, this.#end);
  }

  #drop(arrival: number): void {
    const { cells } = this.#orders.shared;
    Atomics.sub(cells, cell.inFlight, 1);
    Atomics.add(cells, cell.dropped, 1);
    this.#meter.dropped();
    this.#sink.onAttempt(droppedAttempt(this.#plannedOf(arrival), this.#clock.nowUs()));
  }

  readonly #end = (connection: Connection, ending: Ending): void => {
    const { sentUs, answer, bytes } = connection;
    const seen = { sentUs, endedUs: this.#clock.nowUs(), answer, bytes };
    const { requests, shared, acquireTimeoutMs } = this.#orders;
    const route = requests[shared.route[connection.arrival] ?? 0];
    const planned = this.#close(connection);
    if (ending === 'answered') this.#free.push(connection);
    if (route !== undefined)
      this.#sink.onAttempt(endedAttempt(planned, seen, ending, { expect: route.expect, acquireTimeoutMs }));
    this.#finishIfDone();
  };

  #cutOff(connection: Connection): void {
    const planned = this.#close(connection);
    connection.destroy();
    this.#meter.unfinished();
    this.#sink.onAttempt(unfinishedAttempt(planned, connection));
  }

  #close(connection: Connection): Planned {
    const planned = this.#plannedOf(connection.arrival);
    this.#open.delete(connection);
    Atomics.sub(this.#orders.shared.cells, cell.inFlight, 1);
    this.#meter.sent(connection.sentUs - planned.intendedUs);
    return planned;
  }

  #plannedOf(arrival: number): Planned {
    const { shared, requests, phases, loadStartUs } = this.#orders;
    return {
      arrival,
      attempt: 1,
      client: 0,
      route: requests[shared.route[arrival] ?? 0]?.name ?? '',
      phase: phases[shared.phase[arrival] ?? 0] ?? '',
      intendedUs: loadStartUs + (shared.intendedUs[arrival] ?? 0),
    };
  }

  #finishIfDone(): void {
    if (this.#isDone || this.#open.size > 0 || (this.#next < this.#planned && !this.#isStopped)) return;
    this.#isDone = true;
    for (const connection of this.#free.splice(0)) connection.destroy();
    this.#sink.onDone(this.#meter.report(this.#orders.lane));
  }
}
