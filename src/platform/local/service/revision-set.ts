import type { Revision } from './revision.ts';

/** The most revisions that Cloud Run keeps of a service. */
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

  /** Whether traffic may go to it: it has been ready before. */
  readonly isReady = (name: string): boolean => {
    const state = this.#byName.get(name)?.state;
    return state === 'ready' || state === 'retired';
  };

  /** Only revisions with nothing running, and never one that could still get traffic. */
  #forgetOldest(): void {
    for (const [name, { state, fleet }] of this.#byName) {
      if (this.#byName.size <= kept) return;
      const { starting, ready, stopping } = fleet.size;
      if ((state === 'retired' || state === 'failed') && starting + ready + stopping === 0)
        this.#byName.delete(name);
    }
  }
}
