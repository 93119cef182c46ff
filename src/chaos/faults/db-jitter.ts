import type { FaultAction } from '../fault-action.ts';
import { roundTripsMs, spanOf } from '../round-trips.ts';

/** One round trip is always somewhere; some tell where the delays lie. */
const looks = 3;

/**
 * Every answer of Postgres comes later by a time of its own, in the order it was given: on open connections and
 * new ones. Seen when no way through the link is faster than the least delay, and one is as slow as the middle.
 */
export const dbJitter: FaultAction<'db.jitter'> = {
  kind: 'db.jitter',
  apply: async ({ kind, delayMs, spreadMs }, { target, service }) => {
    const done = await target.turn(service, { knob: 'link', change: { jitter: { delayMs, spreadMs } } });
    return {
      detail: `${kind}: ${done}, open connections and new ones`,
      confirm: async () => {
        const tookMs: number[] = [];
        for (let look = 0; look < looks; look += 1)
          tookMs.push(...(await roundTripsMs(target, service, delayMs + spreadMs)));
        const [least, most] = [Math.min(...tookMs), Math.max(...tookMs)];
        return least >= delayMs - spreadMs && most >= delayMs ? spanOf(tookMs) : null;
      },
      undo: () => target.turn(service, { knob: 'link', change: { jitter: null } }),
    };
  },
};
