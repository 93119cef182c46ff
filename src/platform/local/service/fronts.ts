import type { Destination } from '../request/exchange.ts';
import { openFront, type FrontOrders, type RunningFront } from '../request/front-proxy.ts';
import { platformAnswers } from '../request/platform-answer.ts';
import type { ServiceSetting } from './service-setting.ts';

/** Which revision takes a request to the service's own URL (null) or to a tag's. */
type RouteOf = (tag: string | null) => Destination | null;

/** The listeners of a service: its own, and one for each tag. */
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

  /** Opens a listener for each of these tags, and closes those of other tags. */
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
  const { orders, profile, rules, clock, warm, onEvent } = setting;
  const nowUs = (): number => clock.nowUs();
  return {
    port,
    route,
    warm,
    nowUs,
    maxBodyBytes: rules.maxBodyBytes,
    // Knative cancels a request when its caller has stopped waiting.
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
