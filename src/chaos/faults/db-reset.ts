import type { FaultAction } from '../fault-action.ts';

/** Connections that close later than this have other reasons. */
const atOnceUs = 500_000;

/**
 * Breaks every open connection: the instance sees a reset, Postgres an end. New ones are not touched. Confirmed when
 * sessions have ended at that moment, though a busy backend may go on for longer. There is nothing to undo.
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
