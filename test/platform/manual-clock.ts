/** A clock that goes only when told, and does on its way what was planned. */
export class ManualClock {
  nowUs = 0;
  #planned: { atUs: number; act: () => void }[] = [];

  after(ms: number, act: () => void): void {
    this.#planned.push({ atUs: this.nowUs + ms * 1000, act });
  }

  advance(ms: number): void {
    const untilUs = this.nowUs + ms * 1000;
    for (let next = this.#due(untilUs); next !== undefined; next = this.#due(untilUs)) {
      this.#planned = this.#planned.filter((planned) => planned !== next);
      this.nowUs = Math.max(this.nowUs, next.atUs);
      next.act();
    }
    this.nowUs = untilUs;
  }

  #due(untilUs: number): { atUs: number; act: () => void } | undefined {
    return this.#planned.filter(({ atUs }) => atUs <= untilUs).sort((a, b) => a.atUs - b.atUs)[0];
  }
}
