/** Something that is due at a moment, and can be called off. */
export interface Appointment {
  readonly atUs: number;
  readonly act: () => void;
  /** Its place in the heap; -1 once it is over or called off. */
  place: number;
}

/**
 * What is to be done when, soonest first: a binary heap. Timeouts are made in time order and mostly called off, so
 * adding costs one comparison, and nothing of a request's own is allocated by the system's timers.
 */
export class Agenda {
  readonly #heap: Appointment[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the soonest is due; infinite when nothing is. */
  get nextUs(): number {
    return this.#heap[0]?.atUs ?? Infinity;
  }

  add(atUs: number, act: () => void): Appointment {
    const appointment = { atUs, act, place: this.#heap.length };
    this.#heap.push(appointment);
    this.#rise(appointment);
    return appointment;
  }

  /** Takes it out; nothing happens when it is over. */
  callOff(appointment: Appointment): void {
    const { place } = appointment;
    if (place < 0) return;
    appointment.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === appointment) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  /** Takes out what is due, soonest first, and does it. What that adds and is due by then is done too. */
  actUntil(nowUs: number): void {
    for (
      let soonest = this.#heap[0];
      soonest !== undefined && soonest.atUs <= nowUs;
      soonest = this.#heap[0]
    ) {
      this.callOff(soonest);
      soonest.act();
    }
  }

  /** Calls everything off. */
  clear(): void {
    for (const appointment of this.#heap) appointment.place = -1;
    this.#heap.length = 0;
  }

  #put(appointment: Appointment, place: number): void {
    this.#heap[place] = appointment;
    appointment.place = place;
  }

  #rise(appointment: Appointment): void {
    for (let place = appointment.place; place > 0;) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.atUs <= appointment.atUs) return;
      this.#put(parent, place);
      this.#put(appointment, above);
      place = above;
    }
  }

  #sink(appointment: Appointment): void {
    for (let place = appointment.place; ;) {
      const below = this.#sooner(2 * place + 1, 2 * place + 2);
      if (below === undefined || below.atUs >= appointment.atUs) return;
      const { place: next } = below;
      this.#put(below, place);
      this.#put(appointment, next);
      place = next;
    }
  }

  #sooner(left: number, right: number): Appointment | undefined {
    const one = this.#heap[left];
    const other = this.#heap[right];
    return one === undefined || other === undefined || one.atUs <= other.atUs ? one : other;
  }
}
