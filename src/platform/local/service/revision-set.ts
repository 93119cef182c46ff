import type { Revision } from './revision.ts';

/** Cloud Run keeps at most so many revisions of a service. */
const kept = 1000;

/** The revisions of a service, the oldest first. */
export class RevisionSet {
  /** The newest that ever became ready; null before the first. */
  latestReady: string | null = null;
  latestCreated = '';
  readonly #byName = new Map<string, Revision>();

  get all(): readonly Revision[] {
    return [...this.#byName.values()];
  }

  get(name: string): Revision | null {
    return this.#byName.get(name) ?? null;
  }

  add(revision: Revision): void {
    this.#byName.set(revision.revision, revision);
    this.latestCreated = revision.revision;
    this.#forgetOldest();
  }

  remove(name: string): void {
    this.#byName.delete(name);
  }

  /** Whether traffic may go to it: it started well once. */
  readonly isReady = (name: string): boolean => {
    const state = this.#byName.get(name)?.state;
    return state === 'ready' || state === 'retired';
  };

  /** Only those that have nothing running, and never one that traffic may still be sent to. */
  #forgetOldest(): void {
    for (const [name, { state, fleet }] of this.#byName) {
      if (this.#byName.size <= kept) return;
      const { starting, ready, stopping } = fleet.size;
      if ((state === 'retired' || state === 'failed') && starting + ready + stopping === 0)
        this.#byName.delete(name);
    }
  }
}
