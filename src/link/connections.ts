import type { Socket } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import { makeRandom, type Random } from '../base/random.ts';
import type { LinkEvent, WorkEvent } from '../evidence/event.ts';
import { calmLink, type LinkConditions } from '../plan/link-fault.ts';
import { Connection, type ConnectionEvent, type Upstream } from './connection.ts';
import { WorkMeter } from './work-meter.ts';

/** The longest time from when a process's sockets close until its end is reported: many threads may have to end first. */
const lastMomentUs = 250_000;

/** What the connections of one link share. */
export interface ConnectionsOrders {
  readonly upstream: Upstream;
  readonly clock: RunClock;
  readonly whose: { readonly service: string; readonly revision: string; readonly instance: string };
  readonly onEvent: (event: LinkEvent) => void;
  /** Called once a second with the transactions of the sessions. */
  readonly onWork?: (event: WorkEvent) => void;
  /** The random stream for jitter. */
  readonly random?: Random;
}

/** The connections of one link. */
export class Connections {
  readonly #orders: ConnectionsOrders;
  readonly #random: Random;
  readonly #work: WorkMeter | null;
  readonly #open = new Set<Connection>();
  #conditions: LinkConditions = calmLink;
  #abandonedUs: number[] = [];

  constructor(orders: ConnectionsOrders) {
    this.#orders = orders;
    this.#random = orders.random ?? makeRandom(1, 'link');
    const { onWork } = orders;
    this.#work = onWork === undefined ? null : new WorkMeter({ ...orders, onWork });
  }

  get sessions(): number {
    return [...this.#open].filter((connection) => connection.open).length;
  }

  get abandonedLately(): number {
    const fromUs = this.#orders.clock.nowUs() - lastMomentUs;
    this.#abandonedUs = this.#abandonedUs.filter((us) => us > fromUs);
    return this.#abandonedUs.length;
  }

  add(client: Socket): void {
    const { upstream, clock } = this.#orders;
    const orders = { upstream, clock, random: this.#random, onTransaction: () => this.#work?.add() };
    const connection: Connection = new Connection(client, orders, (event) => this.#tell(connection, event));
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    connection.impose(this.#conditions);
  }

  impose(conditions: LinkConditions): void {
    this.#conditions = conditions;
    for (const connection of this.#open) connection.impose(conditions);
  }

  reset(): number {
    return [...this.#open].filter((connection) => connection.reset()).length;
  }

  destroy(): void {
    for (const connection of this.#open) connection.destroy();
  }

  async drained(): Promise<void> {
    while (this.#open.size > 0) await Promise.all([...this.#open].map((connection) => connection.closed));
    this.#work?.tell();
  }

  #tell(connection: Connection, event: ConnectionEvent): void {
    const { clock, whose, onEvent } = this.#orders;
    const t_us = clock.nowUs();
    onEvent({ t_us, kind: 'link', ...whose, ...event });
    if (event.what !== 'close' || !connection.abandoned) return;
    // Old ones are dropped here too: `abandonedLately` may never be read.
    this.#abandonedUs = [...this.#abandonedUs.filter((us) => us > t_us - lastMomentUs), t_us];
  }
}
