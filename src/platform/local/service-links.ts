import { makeRandom } from '../../base/random.ts';
import { startLink, type LinkOrders, type RunningLink } from '../../link/link.ts';
import { calmLink, type LinkChange, type LinkConditions } from '../../plan/link-fault.ts';

/** The links of one service, including those of instances that are gone: a fault applies to all of them. */
export class ServiceLinks {
  readonly #seed: number;
  readonly #links = new Set<RunningLink>();
  #conditions: LinkConditions = calmLink;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Those of running instances, the oldest first. */
  get open(): readonly RunningLink[] {
    return this.#all.filter((link) => link.isOpen());
  }

  get #all(): readonly RunningLink[] {
    return [...this.#links];
  }

  /** Starts a link with the faults in force. */
  async start(orders: Omit<LinkOrders, 'random'>): Promise<RunningLink> {
    const random = makeRandom(this.#seed, `link/${orders.whose.instance}`);
    const link = await startLink({ ...orders, random });
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    await link.impose(this.#conditions);
    return link;
  }

  /** Changes one condition of all links, present and future. Yields how many there are now. */
  async change(change: LinkChange): Promise<number> {
    this.#conditions = { ...this.#conditions, ...change };
    await Promise.all(this.#all.map((link) => link.impose(this.#conditions)));
    return this.open.length;
  }

  /** Breaks off every connection. Yields how many there were. */
  reset(): number {
    return this.#all.reduce((total, link) => total + link.reset(), 0);
  }
}
