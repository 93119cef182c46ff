import type { FaultAction } from '../fault-action.ts';

/** Every start fails. Confirmed when an instance has failed to start. */
export const platformFailStart: FaultAction<'platform.fail_start'> = {
  kind: 'platform.fail_start',
  apply: async ({ kind }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'fail_start', on: true });
    return {
      detail: `${kind}: ${done}`,
      confirm: () => {
        const failed = target
          .recorded(service, sinceUs)
          .filter((event) => event.kind === 'instance' && event.state === 'failed');
        return Promise.resolve(failed.length === 0 ? null : `${failed.length} instances failed to start`);
      },
      undo: () => target.turn(service, { knob: 'fail_start', on: false }),
    };
  },
};
