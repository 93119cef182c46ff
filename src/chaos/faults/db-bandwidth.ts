import type { FaultAction } from '../fault-action.ts';

/**
 * Limits the speed of Postgres's answers on each connection, open or new. Can't be confirmed: only a large answer would
 * show it, and only the service asks for one.
 */
export const dbBandwidth: FaultAction<'db.bandwidth'> = {
  kind: 'db.bandwidth',
  apply: async ({ kind, bytesPerSec }, { target, service }) => {
    const done = await target.turn(service, { knob: 'link', change: { bytesPerSec } });
    return {
      detail: `${kind}: ${done}, open connections and new ones`,
      undo: () => target.turn(service, { knob: 'link', change: { bytesPerSec: null } }),
    };
  },
};
