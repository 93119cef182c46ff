import type { FaultAction } from '../fault-action.ts';
import { roundTripsMs, spanOf } from '../round-trips.ts';

/**
 * Delays every answer of Postgres, on open connections and on new ones, which take that much longer to set up. Confirmed
 * when a round trip through a link takes as long.
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
