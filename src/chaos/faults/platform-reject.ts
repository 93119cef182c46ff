import type { FaultAction } from '../fault-action.ts';

/** A refusal without a queue comes at once; anything beyond this waited for an instance. */
const atOnceUs = 100_000;

/** What the platform answers when no instance takes a request. */
const noPlace: readonly number[] = [429, 500, 503];

/** Requests without a free place are refused at once. Seen when the platform answered so without a wait. */
export const platformReject: FaultAction<'platform.reject'> = {
  kind: 'platform.reject',
  apply: async ({ kind }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'reject', on: true });
    return {
      detail: `${kind}: ${done}`,
      confirm: () => {
        const refused = target
          .recorded(service, sinceUs)
          .filter(
            (event) =>
              event.kind === 'platform' && noPlace.includes(event.status) && event.waited_us < atOnceUs,
          );
        return Promise.resolve(refused.length === 0 ? null : `${refused.length} requests refused at once`);
      },
      undo: () => target.turn(service, { knob: 'reject', on: false }),
    };
  },
};
