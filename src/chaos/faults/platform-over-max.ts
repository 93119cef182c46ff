import type { FaultAction } from '../fault-action.ts';

/** The fleet may exceed its maximum. Confirmed when a revision has more instances than its maximum. */
export const platformOverMax: FaultAction<'platform.over_max'> = {
  kind: 'platform.over_max',
  apply: async ({ kind, factor }, { target, service }) => {
    const done = await target.turn(service, { knob: 'over_max', factor });
    return {
      detail: `${kind}: ${done}`,
      confirm: async () => {
        const { revisions } = await target.look(service);
        const over = revisions.find(({ instances, maxInstances }) => (instances ?? 0) > maxInstances);
        return over === undefined
          ? null
          : `${over.name} has ${over.instances ?? 0} instances with max ${over.maxInstances}`;
      },
      undo: () => target.turn(service, { knob: 'over_max', factor: 1 }),
    };
  },
};
