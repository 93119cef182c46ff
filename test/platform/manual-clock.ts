/** A clock that goes only when told, and does on its way what was planned. */
export class ManualClock {
  nowUs = 0;
  #planned: { atUs: number; act: () => void }[] = [];

  after(ms: number, act: () => void): void {
    this.#planned.push({ atUs: this.nowUs + ms * 1000, act });
  }

  advance(ms: number): void {
    const untilUs = this.nowUs + ms * 1000;
    for (let next = this.#takeDue(untilUs); next !== undefined; next = this.#takeDue(untilUs)) {
      this.nowUs = Math.max(this.nowUs, next.atUs);
      next.act();
    }
    this.nowUs = untilUs;
  }

  /** The earliest that is due; of several at one time, the one that was planned first. */
  #takeDue(untilUs: number): { atUs: number; act: () => void } | undefined {
    let first = -1;
    let firstUs = untilUs;
    for (const [index, { atUs }] of this.#planned.entries()) {
      if (first === -1 ? atUs > untilUs : atUs >= firstUs) continue;
      first = index;
      firstUs = atUs;
    }
    return first === -1 ? undefined : this.#planned.splice(first, 1)[0];
  }
}
