import type { RunClock } from '../base/clock.ts';
import type { WorkEvent } from '../evidence/event.ts';

/** Long enough to cost nothing, short enough to tell phases apart. */
const toldEveryMs = 1000;

/** What a meter needs to know. */
export interface WorkMeterOrders {
  readonly clock: RunClock;
  readonly whose: Pick<WorkEvent, 'service' | 'revision' | 'instance'>;
  readonly onWork: (event: WorkEvent) => void;
}

/** Counts transactions, and reports their number once a second while there are any. */
export class WorkMeter {
  readonly #orders: WorkMeterOrders;
  #transactions = 0;
  #fromUs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(orders: WorkMeterOrders) {
    this.#orders = orders;
  }

  /** Counts one. */
  add(): void {
    this.#transactions += 1;
    if (this.#transactions > 1) return;
    this.#fromUs = this.#orders.clock.nowUs();
    this.#timer = setTimeout(() => this.tell(), toldEveryMs).unref();
  }

  /** Reports what has been counted since the last report. */
  tell(): void {
    clearTimeout(this.#timer);
    const transactions = this.#transactions;
    if (transactions === 0) return;
    this.#transactions = 0;
    const { clock, whose, onWork } = this.#orders;
    onWork({ t_us: clock.nowUs(), kind: 'work', ...whose, from_us: this.#fromUs, transactions });
  }
}
