import type { RunClock } from '../../base/clock.ts';
import type { Answer } from '../answer/answer.ts';
import { readAnswer, withoutImpossible, type OnNonsense } from '../answer/answer.ts';
import { droppedAttempt, endedAttempt, unfinishedAttempt, type Planned } from './attempt-record.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { LogicalRequest } from './logical-request.ts';
import type { RequestBuilder } from '../request/request-builder.ts';
import type { LaneMeter } from './lane-meter.ts';
import { ConnectionPool, type PooledConnection } from './connection-pool.ts';
import { readFailure } from '../answer/read-failure.ts';
import { cell } from './shared.ts';
import { countOutcome } from './progress.ts';
import type { LaneOrders } from './thread-message.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Incoming, Transport, WireEnd } from '../transport.ts';

/** Called with the record of every attempt that is over, however it ended. */
export type OnAttempt = (
  request: LogicalRequest,
  attempt: Attempt,
  how: WireEnd | 'timeout' | 'dropped',
) => void;

/** What a dispatcher needs. */
export interface DispatchSetting {
  readonly orders: LaneOrders;
  readonly clock: RunClock;
  readonly meter: LaneMeter;
  readonly transport: Transport;
  readonly builder: RequestBuilder;
  readonly onAttempt: OnAttempt;
}

/** Sends attempts, gives up those that take too long, and records how each one ended. */
export class Dispatcher {
  readonly pool: ConnectionPool;
  readonly #setting: DispatchSetting;
  readonly #timeouts: TimerQueue;

  constructor(setting: DispatchSetting) {
    this.#setting = setting;
    this.#timeouts = new TimerQueue(setting.clock);
    this.pool = new ConnectionPool(setting.transport, setting.clock, (pooled, end) => this.#end(pooled, end));
  }

  /** Sends the request's attempt now, or drops it when `max_in_flight` is reached: nothing ever queues here. */
  send(request: LogicalRequest): void {
    const { orders, builder } = this.#setting;
    const { cells } = orders.shared;
    if (Atomics.add(cells, cell.inFlight, 1) >= orders.maxInFlight) {
      this.#drop(request);
      return;
    }
    Atomics.add(cells, request.attempt === 1 ? cell.sent : cell.retries, 1);
    const pooled = this.pool.acquire(request);
    const { connection } = pooled;
    connection.send(builder.build(request));
    const limitUs = Math.min(connection.sentUs + orders.client.timeoutMs * 1000, request.deadlineUs);
    pooled.timeout = this.#timeouts.add(limitUs, pooled.giveUp);
  }

  /** Gives up every attempt that is still open: they count as unfinished. */
  cutOff(): void {
    for (const pooled of this.pool.busy) {
      const { request, connection } = pooled;
      if (request === null) continue;
      const { sentUs, connectUs, incoming } = connection;
      this.#settle(pooled, request);
      connection.destroy();
      this.pool.release(pooled);
      this.#setting.meter.unfinished();
      const seen = {
        sentUs,
        connectUs,
        answer: answerOf(incoming, this.#setting.meter.nonsense),
        bytes: incoming.bytes,
      };
      this.#tell(request, unfinishedAttempt(this.#plannedOf(request), seen), 'timeout');
    }
  }

  /** Closes the idle connections. */
  close(): void {
    this.#timeouts.clear();
    this.pool.close();
  }

  #end(pooled: PooledConnection, how: WireEnd | 'timeout'): void {
    const { request, connection } = pooled;
    if (request === null) return;
    const { clock, builder, orders } = this.#setting;
    const { incoming, sentUs, connectUs } = connection;
    const endedUs = how === 'timeout' ? clock.nowUs() : connection.endedUs;
    this.#settle(pooled, request);
    const { nonsense } = this.#setting.meter;
    const told = answerOf(incoming, nonsense);
    const answer = told === null ? null : withoutImpossible(told, endedUs - sentUs, nonsense);
    const bodyValid = how === 'answered' ? builder.check(request, incoming) : null;
    if (how === 'answered') builder.keepCookies(request, incoming);
    const { brokenBy } = connection;
    const seen = { sentUs, connectUs, endedUs, answer, brokenBy, bytes: incoming.bytes, bodyValid };
    const judging = { expect: builder.expectation(request), acquireTimeoutMs: orders.acquireTimeoutMs };
    const attempt = endedAttempt(this.#plannedOf(request), seen, how, judging);
    if (how !== 'answered') connection.destroy();
    this.pool.release(pooled);
    this.#tell(request, attempt, how);
  }

  #drop(request: LogicalRequest): void {
    const { orders, clock, meter } = this.#setting;
    Atomics.sub(orders.shared.cells, cell.inFlight, 1);
    Atomics.add(orders.shared.cells, cell.dropped, 1);
    meter.dropped();
    this.#tell(request, droppedAttempt(this.#plannedOf(request), clock.nowUs()), 'dropped');
  }

  /** Stops the attempt's timeout and counts it: it is no longer in flight. */
  #settle(pooled: PooledConnection, { attempt, intendedUs }: LogicalRequest): void {
    const { meter, orders } = this.#setting;
    const { connection, timeout } = pooled;
    if (timeout !== null) this.#timeouts.cancel(timeout);
    pooled.timeout = null;
    Atomics.sub(orders.shared.cells, cell.inFlight, 1);
    const lagUs = connection.sentUs - intendedUs;
    if (attempt === 1) meter.sent(lagUs);
    else meter.retried(lagUs);
  }

  #tell(request: LogicalRequest, attempt: Attempt, how: Parameters<OnAttempt>[2]): void {
    countOutcome(this.#setting.orders.shared.cells, attempt.outcome);
    this.#setting.onAttempt(request, attempt, how);
  }

  #plannedOf({ arrival, attempt, client, route, phase, intendedUs }: LogicalRequest): Planned {
    const { requests, phases } = this.#setting.orders;
    return {
      arrival,
      attempt,
      client,
      route: requests[route]?.name ?? '',
      phase: phases[phase] ?? '',
      intendedUs,
    };
  }
}

function answerOf({ status, headers, body }: Incoming, onNonsense: OnNonsense): Answer | null {
  return status === null ? null : readFailure(readAnswer(status, headers, onNonsense), headers, body);
}
