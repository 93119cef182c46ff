import type { FaultAction } from '../fault-action.ts';

/** SIGSTOP to instances. Confirmed when the platform gives up on requests that an instance had: a 504, or a 503. */
export const instanceHang: FaultAction<'instance.hang'> = {
  kind: 'instance.hang',
  apply: async ({ kind, count }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'hang', count });
    return {
      detail: `${kind}: ${done}`,
      confirm: () => {
        const given = target
          .recorded(service, sinceUs)
          .filter((event) => event.kind === 'platform' && (event.status === 504 || event.status === 503));
        return Promise.resolve(
          given.length === 0 ? null : `the platform gave up on ${given.length} requests`,
        );
      },
      undo: () => target.turn(service, { knob: 'resume' }),
    };
  },
};
