import type { RunningContainer } from './container-run.ts';

/** An answer's last bytes have left by then. */
const freezeAfterMs = 100;

/**
 * Stops the processes of an instance (SIGSTOP) while it has nothing to do. This is harsher than Cloud Run, where
 * an idle instance keeps a little CPU; what stalls there all the same (timers, keep-alives, pool reapers) stalls
 * here too. The same signals serve to hang an instance on purpose, whatever it is doing.
 */
export class IdleFreeze {
  readonly #isOn: boolean;
  readonly #containers: () => Iterable<RunningContainer>;
  #timer: NodeJS.Timeout | undefined;
  #idle = false;
  #hung = false;
  #count = 0;

  /** Without `isOn`, only hanging has an effect. */
  constructor(isOn: boolean, containers: () => Iterable<RunningContainer>) {
    this.#isOn = isOn;
    this.#containers = containers;
  }

  /** Frozen for being idle; an instance that hangs is not. */
  get isFrozen(): boolean {
    return this.#idle;
  }

  /** How often it was frozen for being idle. */
  get count(): number {
    return this.#count;
  }

  idle(): void {
    if (!this.#isOn) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#idle = true;
      this.#count += 1;
      if (!this.#hung) this.#each((container) => container.freeze());
    }, freezeAfterMs);
  }

  /** Goes on at once. Also before a signal that the processes are to hear. */
  busy(): void {
    clearTimeout(this.#timer);
    if (!this.#idle) return;
    this.#idle = false;
    if (!this.#hung) this.#each((container) => container.thaw());
  }

  hang(): void {
    this.#hung = true;
    this.#each((container) => container.freeze());
  }

  resume(): void {
    this.#hung = false;
    if (!this.#idle) this.#each((container) => container.thaw());
  }

  #each(act: (container: RunningContainer) => void): void {
    for (const container of this.#containers()) act(container);
  }
}
