import type { FaultAction } from '../fault-action.ts';

/** What a reset closes is closed by then; later ones have reasons of their own. */
const atOnceUs = 500_000;

/**
 * Every open connection is broken off: a reset to the instance, the end to Postgres; new ones are not touched. Seen
 * when the run has recorded sessions that ended at that moment; a busy backend may go on for longer. Nothing is left to undo.
 */
export const dbReset: FaultAction<'db.reset'> = {
  kind: 'db.reset',
  apply: async ({ kind }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'reset_links' });
    return {
      detail: `${kind}: ${done}, the open ones; new ones are not touched`,
      confirm: () => {
        const ended = target
          .recorded(service, sinceUs)
          .filter(
            (event) => event.kind === 'link' && event.what === 'close' && event.t_us < sinceUs + atOnceUs,
          );
        return Promise.resolve(ended.length === 0 ? null : `${ended.length} connections ended at once`);
      },
      undo: null,
    };
  },
};
