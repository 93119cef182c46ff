/** Weight of the newest start in the average. */
const newest = 0.3;

/** Pause before the next start after one that failed, doubled with every further failure. */
const firstPauseUs = 1_000_000;
const longestPauseUs = 60_000_000;

/** How the starts of a fleet went: how long they take, and how long to hold back after failures. */
export class StartupRecord {
  #averageUs: number | null = null;
  #failures = 0;
  #failedUs = Number.NEGATIVE_INFINITY;

  succeeded(startupUs: number): void {
    this.#failures = 0;
    this.#averageUs =
      this.#averageUs === null ? startupUs : (1 - newest) * this.#averageUs + newest * startupUs;
  }

  failed(nowUs: number): void {
    this.#failures += 1;
    this.#failedUs = nowUs;
  }

  /** Exponentially weighted; null before the first success. */
  get averageUs(): number | null {
    return this.#averageUs;
  }

  /** Whether a start has failed since then and none has succeeded after it. */
  failingSince(sinceUs: number): boolean {
    return this.#failures > 0 && this.#failedUs >= sinceUs;
  }

  /** Whether the next start must wait. */
  holdsBack(nowUs: number): boolean {
    if (this.#failures === 0) return false;
    const pauseUs = Math.min(longestPauseUs, firstPauseUs * 2 ** (this.#failures - 1));
    return nowUs < this.#failedUs + pauseUs;
  }
}
