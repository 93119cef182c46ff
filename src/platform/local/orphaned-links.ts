import { within } from '../../base/deadline.ts';
import type { RunningLink } from '../../link/link.ts';

/** How long Postgres gets to close the last sessions of ended instances. */
const drainMs = 500;

/** Links whose instance is gone while Postgres may still hold their sessions. */
export class OrphanedLinks {
  readonly #links = new Set<RunningLink>();

  readonly add = (link: RunningLink): void => {
    this.#links.add(link);
    void link.drain().then(() => this.#links.delete(link));
  };

  /** Waits a moment for the last sessions to end, then cuts the rest. */
  async close(): Promise<void> {
    await within(Promise.all([...this.#links].map((link) => link.drain())), drainMs, undefined);
    await Promise.all([...this.#links].map((link) => link.close()));
  }
}
