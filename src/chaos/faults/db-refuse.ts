import type { FaultAction } from '../fault-action.ts';

const limitMs = 1000;

/** Nobody listens: new connections are refused, open ones go on. Confirmed when a connection is refused. */
export const dbRefuse: FaultAction<'db.refuse'> = {
  kind: 'db.refuse',
  apply: async ({ kind }, { target, service }) => {
    const done = await target.turn(service, { knob: 'link', change: { refuse: true } });
    return {
      detail: `${kind}: ${done}; open ones go on`,
      confirm: async () => {
        const links = await target.probeLinks(service, limitMs);
        const codes = links.flatMap(({ answer }) => (answer.kind === 'refused' ? [answer.code] : []));
        return links.length > 0 && codes.length === links.length
          ? `${links.map(({ instance }) => instance).join(', ')}: ${[...new Set(codes)].join(', ')}`
          : null;
      },
      undo: () => target.turn(service, { knob: 'link', change: { refuse: false } }),
    };
  },
};
