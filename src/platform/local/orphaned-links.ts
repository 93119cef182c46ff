import { within } from '../../base/deadline.ts';
import type { RunningLink } from '../../link/link.ts';

/** How long Postgres has to close the last sessions of instances that have ended. */
const drainMs = 500;

/** Links whose instance has gone and whose sessions Postgres may still hold. */
export class OrphanedLinks {
  readonly #links = new Set<RunningLink>();

  readonly add = (link: RunningLink): void => {
    this.#links.add(link);
    void link.drain().then(() => this.#links.delete(link));
  };

  /** Waits for the last sessions a moment, then cuts what is left. */
  async close(): Promise<void> {
    await within(Promise.all([...this.#links].map((link) => link.drain())), drainMs, undefined);
    await Promise.all([...this.#links].map((link) => link.close()));
  }
}
