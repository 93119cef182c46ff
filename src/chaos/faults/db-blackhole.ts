import type { FaultAction } from '../fault-action.ts';

/** No answer within this time means that none will come: without the fault it takes milliseconds. */
const silenceMs = 1000;

/**
 * No byte passes in either direction, on open or new connections, and nothing is closed: both sides wait. What was held
 * is passed on at the end. Confirmed when a connection is accepted and nothing comes back.
 */
export const dbBlackhole: FaultAction<'db.blackhole'> = {
  kind: 'db.blackhole',
  apply: async ({ kind }, { target, service }) => {
    const done = await target.turn(service, { knob: 'link', change: { blackhole: true } });
    return {
      detail: `${kind}: ${done}, open connections and new ones`,
      confirm: async () => {
        const links = await target.probeLinks(service, silenceMs);
        const silent = links.filter(({ answer }) => answer.kind === 'silent');
        return links.length > 0 && silent.length === links.length
          ? `nothing came back through ${silent.map(({ instance }) => instance).join(', ')} in ${silenceMs} ms`
          : null;
      },
      undo: () => target.turn(service, { knob: 'link', change: { blackhole: false } }),
    };
  },
};
