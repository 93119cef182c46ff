import type { FaultAction } from '../fault-action.ts';

/** A refusal that takes longer than this has waited for an instance. */
const atOnceUs = 100_000;

/** The platform's answers when no instance takes a request. */
const noPlace: readonly number[] = [429, 500, 503];

/** Requests that find no free place are refused at once. Confirmed when the platform has refused some without a wait. */
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
