import type { RunClock } from '../../base/clock.ts';
import { Agenda } from './timer-heap.ts';
import { makeAlarm, type Alarm } from './alarm.ts';
import type { Answer } from '../answer/answer.ts';
import { readAnswer } from '../answer/answer.ts';
import { droppedAttempt, endedAttempt, unfinishedAttempt, type Planned } from './attempt-record.ts';
import type { Attempt } from '../../evidence/attempt.ts';
import type { Call } from './call.ts';
import type { Dresser } from '../request/request-builder.ts';
import type { LaneMeter } from './lane-meter.ts';
import { Lines, type Line } from './connection-pool.ts';
import { readFailure } from '../answer/read-failure.ts';
import { cell } from './shared.ts';
import { tallyEnd } from './tally.ts';
import type { LaneOrders } from './thread-message.ts';
import type { Transport, WireEnd } from '../transport.ts';

/** Told of every attempt that is over, whatever became of it, with its record. */
export type OnAttempt = (call: Call, attempt: Attempt, how: WireEnd | 'timeout' | 'dropped') => void;

/** What attempts are sent with. */
export interface DispatchSetting {
  readonly orders: LaneOrders;
  readonly clock: RunClock;
  readonly meter: LaneMeter;
  readonly transport: Transport;
  readonly dresser: Dresser;
  readonly onAttempt: OnAttempt;
}

/** Sends attempts, gives up those that take too long, and makes the record of how each ended. */
export class Dispatcher {
  readonly lines: Lines;
  readonly #setting: DispatchSetting;
  readonly #limits = new Agenda();
  readonly #alarm: Alarm;

  constructor(setting: DispatchSetting) {
    this.#setting = setting;
    this.#alarm = makeAlarm(this.#limits, setting.clock);
    this.lines = new Lines(setting.transport, setting.clock, (line, end) => this.#end(line, end));
  }

  /** Sends the call's attempt now; too many in flight, and it is dropped instead: nothing waits in here. */
  send(call: Call): void {
    const { orders, dresser } = this.#setting;
    const { cells } = orders.shared;
    if (Atomics.add(cells, cell.inFlight, 1) >= orders.maxInFlight) {
      this.#drop(call);
      return;
    }
    Atomics.add(cells, call.attempt === 1 ? cell.sent : cell.retries, 1);
    const line = this.lines.take(call);
    const { connection } = line;
    connection.send(dresser.request(call));
    const limitUs = Math.min(connection.sentUs + orders.client.timeoutMs * 1000, call.deadlineUs);
    line.limit = this.#limits.add(limitUs, line.giveUp);
    this.#alarm.set();
  }

  /** Gives up everything that is open: it counts as unfinished. */
  cutOff(): void {
    for (const line of this.lines.open) {
      const { call, connection } = line;
      if (call === null) continue;
      const { sentUs, incoming } = connection;
      this.#close(line);
      connection.destroy();
      this.lines.release(line);
      this.#setting.meter.unfinished();
      const answer = answerOf(connection.incoming);
      this.#tell(
        call,
        unfinishedAttempt(this.#plannedOf(call), { sentUs, answer, bytes: incoming.bytes }),
        'timeout',
      );
    }
  }

  /** Closes what is left. */
  close(): void {
    this.#alarm.stop();
    this.lines.close();
  }

  #end(line: Line, how: WireEnd | 'timeout'): void {
    const { call, connection } = line;
    if (call === null) return;
    const { clock, dresser, orders } = this.#setting;
    const { incoming, sentUs } = connection;
    const endedUs = how === 'timeout' ? clock.nowUs() : connection.endedUs;
    this.#close(line);
    const answer = answerOf(incoming);
    const bodyValid = how === 'answered' ? dresser.check(call, incoming) : null;
    if (how === 'answered') dresser.keepCookies(call, incoming);
    const { brokenBy } = connection;
    const seen = { sentUs, endedUs, answer, brokenBy, bytes: incoming.bytes, bodyValid };
    const judging = { expect: dresser.expectation(call), acquireTimeoutMs: orders.acquireTimeoutMs };
    const attempt = endedAttempt(this.#plannedOf(call), seen, how, judging);
    if (how !== 'answered') connection.destroy();
    this.lines.release(line);
    this.#tell(call, attempt, how);
  }

  #drop(call: Call): void {
    const { orders, clock, meter } = this.#setting;
    Atomics.sub(orders.shared.cells, cell.inFlight, 1);
    Atomics.add(orders.shared.cells, cell.dropped, 1);
    meter.dropped();
    this.#tell(call, droppedAttempt(this.#plannedOf(call), clock.nowUs()), 'dropped');
  }

  #close(line: Line): void {
    const { meter, orders } = this.#setting;
    const { call, connection, limit } = line;
    if (limit !== null) this.#limits.callOff(limit);
    line.limit = null;
    Atomics.sub(orders.shared.cells, cell.inFlight, 1);
    if (call === null) return;
    const lagUs = connection.sentUs - call.intendedUs;
    if (call.attempt === 1) meter.sent(lagUs);
    else meter.retried(lagUs);
  }

  #tell(call: Call, attempt: Attempt, how: WireEnd | 'timeout' | 'dropped'): void {
    tallyEnd(this.#setting.orders.shared.cells, attempt.outcome);
    this.#setting.onAttempt(call, attempt, how);
  }

  #plannedOf({ arrival, attempt, client, route, phase, intendedUs }: Call): Planned {
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

function answerOf({ status, headers, body }: Line['connection']['incoming']): Answer | null {
  return status === null ? null : readFailure(readAnswer(status, headers), headers, body);
}
