import type { Destination } from '../request/exchange.ts';
import { openFront, type FrontOrders, type RunningFront } from '../request/front-proxy.ts';
import { platformAnswers } from '../request/platform-answer.ts';
import type { ServiceSetting } from './service-setting.ts';

/** Which revision takes a request that came through the service's own door (null) or a tag's. */
type RouteOf = (tag: string | null) => Destination | null;

/** The doors of a service: its own, and one a tag. */
export class Fronts {
  readonly #setting: ServiceSetting;
  readonly #routeOf: RouteOf;
  readonly #own: RunningFront;
  readonly #tags = new Map<string, RunningFront>();

  private constructor(setting: ServiceSetting, routeOf: RouteOf, own: RunningFront) {
    this.#setting = setting;
    this.#routeOf = routeOf;
    this.#own = own;
  }

  static async open(setting: ServiceSetting, routeOf: RouteOf): Promise<Fronts> {
    const own = await openFront(frontOrders(setting, () => routeOf(null), setting.orders.port));
    return new Fronts(setting, routeOf, own);
  }

  get url(): string {
    return this.#own.url;
  }

  urlOf(tag: string | null): string | null {
    return tag === null ? null : (this.#tags.get(tag)?.url ?? null);
  }

  /** Opens a door for each of these tags, and closes those of other tags. */
  async openTags(tags: readonly string[]): Promise<void> {
    for (const [tag, front] of this.#tags) {
      if (tags.includes(tag)) continue;
      front.close();
      this.#tags.delete(tag);
    }
    for (const tag of tags) {
      if (this.#tags.has(tag)) continue;
      this.#tags.set(tag, await openFront(frontOrders(this.#setting, () => this.#routeOf(tag), 0)));
    }
  }

  close(): void {
    for (const front of [this.#own, ...this.#tags.values()]) front.close();
  }
}

function frontOrders(setting: ServiceSetting, route: FrontOrders['route'], port: number): FrontOrders {
  const { orders, profile, rules, clock, onEvent } = setting;
  const nowUs = (): number => clock.nowUs();
  return {
    port,
    route,
    nowUs,
    maxBodyBytes: rules.maxBodyBytes,
    // Knative cancels what its caller no longer waits for.
    slotAfterTimeout: profile === 'knative' ? 'cut' : setting.slotAfterTimeout,
    onAnswer: ({ reason, waitedUs, revision }) =>
      onEvent({
        t_us: nowUs(),
        kind: 'platform',
        service: orders.name,
        status: platformAnswers[reason].status,
        reason,
        ...(revision === null ? {} : { revision }),
        waited_us: waitedUs,
      }),
  };
}
