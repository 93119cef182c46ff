import type { FaultAction } from '../fault-action.ts';
import { roundTripsMs, spanOf } from '../round-trips.ts';

/** A single round trip says little about the spread; several say more. */
const looks = 3;

/**
 * Delays every answer of Postgres by a random time, without reordering, on open and new connections. Confirmed when no
 * round trip through a link is faster than the shortest delay, and one is as slow as the mean.
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
