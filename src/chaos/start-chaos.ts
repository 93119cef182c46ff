import { setMaxListeners } from 'node:events';
import type { RunClock } from '../base/clock.ts';
import { sleep, within } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import type { FaultEvent } from '../evidence/event.ts';
import type { ChaosStep } from '../scenario/chaos/chaos-step.ts';
import type { Applied, FaultContext } from './fault-action.ts';
import { applyFault } from './faults/faults.ts';
import { msUntil, timelineOf, undoOrder, type TimedStep } from './timeline.ts';

/** How often a fault is looked for until it is confirmed. */
const lookEveryMs = 200;

/** How long undoing one fault may take, or a step that is under way when chaos is stopped. */
const undoLimitMs = 60_000;

export interface ChaosOrders extends Pick<FaultContext, 'target' | 'database' | 'journal' | 'commands'> {
  readonly steps: readonly ChaosStep[];
  readonly clock: RunClock;
  /** When load starts, on the run clock: the times of steps are relative to it. */
  readonly loadStartUs: number;
  readonly onEvent: (event: FaultEvent) => void;
  /** Starts no further step; faults in force are left to `stop`. */
  readonly signal: AbortSignal;
  /** Waits; resolves early when the signal fires. Real time unless given. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunningChaos {
  /** Resolves when every step has been applied, and undone if it has an end. Never rejects. */
  readonly finished: Promise<void>;
  /**
   * Starts no further step and undoes what is still in force, newest first. Returns a line for everything that could not
   * be undone, the same however often it is called. On a disposable target, lasting faults are left in force.
   */
  stop(): Promise<readonly string[]>;
}

/** Applies the steps on the load's timeline. A failure is an event, never an exception. */
export function startChaos(orders: ChaosOrders): RunningChaos {
  const chaos = new Chaos(orders);
  return { finished: chaos.finished, stop: () => chaos.stop() };
}

/** A fault that has been applied and not undone yet. */
interface InForce {
  /** Numbers the faults in the order they were applied. */
  readonly order: number;
  readonly step: ChaosStep;
  readonly undo: () => Promise<string>;
  /** Whether it ends with the run on its own. */
  readonly endsWithRun: boolean;
}

class Chaos {
  readonly finished: Promise<void>;
  readonly #orders: ChaosOrders;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  readonly #inForce = new Set<InForce>();
  readonly #failures: string[] = [];
  #order = 0;
  #stopping: Promise<readonly string[]> | null = null;

  constructor(orders: ChaosOrders) {
    this.#orders = orders;
    this.#signal = AbortSignal.any([orders.signal, this.#stopped.signal]);
    // Every step waits on it, however many there are.
    setMaxListeners(0, this.#signal);
    const steps = timelineOf(orders.steps, orders.loadStartUs).map((timed) => this.#run(timed));
    this.finished = Promise.all(steps).then(() => undefined);
  }

  stop(): Promise<readonly string[]> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<readonly string[]> {
    this.#stopped.abort();
    const ended = await within(
      this.finished.then(() => true),
      undoLimitMs,
      false,
    );
    if (!ended) this.#failures.push('a step of the chaos was still under way: what it changes is not undone');
    for (const one of undoOrder(this.#inForce)) {
      const stays = one.endsWithRun && one.step.forUs === null;
      if (!stays) await this.#undo(one);
    }
    const changed = this.#orders.journal.pending().map(({ changes }) => `still changed: ${changes}`);
    return [...this.#failures, ...changed];
  }

  async #run(timed: TimedStep): Promise<void> {
    const { step, startUs, endUs } = timed;
    await this.#until(startUs);
    if (this.#isOver()) return;
    const sinceUs = this.#orders.clock.nowUs();
    const applied = await this.#apply(step, sinceUs);
    if (applied === null) return;
    const inForce = this.#keep(step, applied);
    await this.#confirm(timed, applied);
    if (inForce === null || endUs === null) return;
    await this.#until(endUs);
    if (!this.#isOver()) await this.#undo(inForce);
  }

  /** Null if it failed, which is reported as an event. */
  async #apply(step: ChaosStep, sinceUs: number): Promise<Applied | null> {
    const { target, database, journal, commands } = this.#orders;
    const forMs = step.forUs === null ? null : step.forUs / 1000;
    const at = { step: step.id, service: step.service, forMs, sinceUs };
    const context = { target, database, journal, commands, ...at };
    try {
      const applied = await applyFault(step.fault, context);
      this.#tell(step, 'started', applied.detail, sinceUs);
      return applied;
    } catch (error) {
      this.#tell(step, 'failed', `${step.fault.kind}: ${messageOf(error)}`);
      return null;
    }
  }

  #keep(step: ChaosStep, { undo, endsWithRun = this.#orders.target.disposable }: Applied): InForce | null {
    if (undo === null) return null;
    this.#order += 1;
    const inForce = { order: this.#order, step, undo, endsWithRun };
    this.#inForce.add(inForce);
    return inForce;
  }

  /** Looks until the fault is seen or its time is over. A look that fails has seen nothing. */
  async #confirm({ step, confirmUntilUs }: TimedStep, { confirm }: Applied): Promise<void> {
    if (confirm === undefined) return;
    const { clock } = this.#orders;
    while (!this.#isOver()) {
      const seen = await confirm().catch(() => null);
      if (seen !== null) {
        this.#tell(step, 'confirmed', seen);
        return;
      }
      const leftMs = msUntil(confirmUntilUs, clock.nowUs());
      if (leftMs === 0) return;
      await this.#wait(Math.min(lookEveryMs, leftMs));
    }
  }

  async #undo(inForce: InForce): Promise<void> {
    this.#inForce.delete(inForce);
    const { step } = inForce;
    try {
      const done = await within(inForce.undo(), undoLimitMs, null);
      if (done === null) throw new Error(`it took longer than ${undoLimitMs / 1000} s`);
      this.#tell(step, 'undone', done);
    } catch (error) {
      const detail = `${step.fault.kind} of ${step.service} (${step.id}) was not undone: ${messageOf(error)}`;
      this.#failures.push(detail);
      this.#tell(step, 'failed', detail);
    }
  }

  #tell({ id, service, fault }: ChaosStep, state: FaultEvent['state'], detail: string, tUs?: number): void {
    const t_us = tUs ?? this.#orders.clock.nowUs();
    this.#orders.onEvent({ t_us, kind: 'fault', id, fault: fault.kind, service, state, detail });
  }

  /** From then on no step begins, and only `stop` undoes faults. */
  #isOver(): boolean {
    return this.#signal.aborted;
  }

  #until(atUs: number): Promise<void> {
    return this.#wait(msUntil(atUs, this.#orders.clock.nowUs()));
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await (this.#orders.wait ?? sleep)(ms, this.#signal);
  }
}
