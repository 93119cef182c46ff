import type { FleetInstance, Member } from './member.ts';
import type { FleetObservation } from './scaler.ts';

/** How many instances there are in each state. Draining ones count as stopping: they still hold connections. */
export interface MemberCounts {
  readonly starting: number;
  readonly ready: number;
  readonly stopping: number;
}

/** The members of a fleet, from the order to start until nothing of them is left. */
export class Roster<I extends FleetInstance> {
  readonly #members = new Set<Member<I>>();
  #whenEmpty: (() => void)[] = [];

  get all(): readonly Member<I>[] {
    return [...this.#members];
  }

  /** Those that serve or will. */
  get serving(): readonly Member<I>[] {
    return this.all.filter(({ state }) => state === 'starting' || state === 'ready');
  }

  get size(): MemberCounts {
    const counts = { starting: 0, ready: 0, stopping: 0 };
    for (const { state } of this.#members) counts[state === 'draining' ? 'stopping' : state] += 1;
    return counts;
  }

  get count(): number {
    return this.#members.size;
  }

  /** How many of them count as the minimum now. */
  get preferred(): number {
    return this.serving.filter(({ preferred }) => preferred).length;
  }

  /** Those that are ready, as a scaler sees them. */
  get ready(): FleetObservation['members'] {
    return this.all.flatMap(({ instance, inFlight, idleSinceUs, preferred, state }) =>
      state === 'ready' ? [{ id: instance.id, inFlight, idleSinceUs, preferred }] : [],
    );
  }

  add(member: Member<I>): void {
    this.#members.add(member);
  }

  remove(member: Member<I>): void {
    this.#members.delete(member);
    this.#tellEmpty();
  }

  /** Resolves when nobody is left. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty.push(resolve);
      this.#tellEmpty();
    });
  }

  #tellEmpty(): void {
    if (this.#members.size > 0) return;
    const waiting = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const resolve of waiting) resolve();
  }
}
