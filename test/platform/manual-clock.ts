interface Planned {
  readonly atUs: number;
  readonly act: () => void;
}

/** A clock that goes only when told, and does on its way what was planned. */
export class ManualClock {
  nowUs = 0;
  /** The latest first; of several at one time, the one that was planned last. */
  readonly #planned: Planned[] = [];

  after(ms: number, act: () => void): void {
    const atUs = this.nowUs + ms * 1000;
    let [low, high] = [0, this.#planned.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#planned[middle]!.atUs > atUs) low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, { atUs, act });
  }

  advance(ms: number): void {
    const untilUs = this.nowUs + ms * 1000;
    for (
      let next = this.#planned.at(-1);
      next !== undefined && next.atUs <= untilUs;
      next = this.#planned.at(-1)
    ) {
      this.#planned.pop();
      this.nowUs = Math.max(this.nowUs, next.atUs);
      next.act();
    }
    this.nowUs = untilUs;
  }
}
