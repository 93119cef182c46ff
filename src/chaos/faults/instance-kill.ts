import type { FaultAction } from '../fault-action.ts';

/** SIGKILL to instances. Confirmed when the run has recorded instances that ended by it. There is nothing to undo. */
export const instanceKill: FaultAction<'instance.kill'> = {
  kind: 'instance.kill',
  apply: async ({ kind, count }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'kill', count });
    return {
      detail: `${kind}: ${done}`,
      confirm: () => {
        const killed = target
          .recorded(service, sinceUs)
          .filter((event) => event.kind === 'instance' && event.signal === 'SIGKILL');
        return Promise.resolve(killed.length === 0 ? null : `${killed.length} ended by SIGKILL`);
      },
      undo: null,
    };
  },
};
