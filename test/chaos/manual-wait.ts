import type { RunClock } from '../../src/base/clock.ts';

/** A clock that goes only when told, and the waits that hang on it. */
export class ManualTime implements RunClock {
  readonly originNs = 0n;
  #nowUs = 0;
  #waiting: { readonly atUs: number; readonly wake: () => void }[] = [];

  nowUs(): number {
    return this.#nowUs;
  }

  readonly wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', wake, { once: true });
      this.#waiting.push({ atUs: this.#nowUs + ms * 1000, wake });
    });

  /** Goes on by so much; what is due on the way wakes up at its own moment and goes as far as it can. */
  async advance(ms: number): Promise<void> {
    const untilUs = this.#nowUs + ms * 1000;
    await settle();
    for (let next = this.#due(untilUs); next !== undefined; next = this.#due(untilUs)) {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
      this.#nowUs = Math.max(this.#nowUs, next.atUs);
      next.wake();
      await settle();
    }
    this.#nowUs = untilUs;
  }

  #due(untilUs: number): { readonly atUs: number; readonly wake: () => void } | undefined {
    return this.#waiting.filter(({ atUs }) => atUs <= untilUs).sort((a, b) => a.atUs - b.atUs)[0];
  }
}

/** Lets everything go on that only waits for promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
