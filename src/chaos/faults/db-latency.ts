import type { FaultAction } from '../fault-action.ts';
import { roundTripsMs, spanOf } from '../round-trips.ts';

/**
 * Whatever Postgres answers comes later: on open connections and new ones, which are set up that much slower.
 * Seen when a way through the link and back takes as long.
 */
export const dbLatency: FaultAction<'db.latency'> = {
  kind: 'db.latency',
  apply: async ({ kind, delayMs }, { target, service }) => {
    const done = await target.turn(service, { knob: 'link', change: { latencyMs: delayMs } });
    return {
      detail: `${kind}: ${done}, open connections and new ones`,
      confirm: async () => {
        const tookMs = await roundTripsMs(target, service, delayMs);
        return tookMs.length > 0 && Math.min(...tookMs) >= delayMs ? spanOf(tookMs) : null;
      },
      undo: () => target.turn(service, { knob: 'link', change: { latencyMs: 0 } }),
    };
  },
};
