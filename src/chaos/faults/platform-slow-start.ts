import type { FaultAction } from '../fault-action.ts';

/** Every start takes longer. Confirmed when an instance that began since then took at least the delay. */
export const platformSlowStart: FaultAction<'platform.slow_start'> = {
  kind: 'platform.slow_start',
  apply: async ({ kind, delayMs }, { target, service, sinceUs }) => {
    const done = await target.turn(service, { knob: 'slow_start', delayMs });
    return {
      detail: `${kind}: ${done}`,
      confirm: () => {
        for (const event of target.recorded(service, sinceUs)) {
          if (event.kind !== 'instance' || event.startup_us === undefined) continue;
          const beganUs = event.t_us - event.startup_us;
          if (beganUs >= sinceUs && event.startup_us >= delayMs * 1000)
            return Promise.resolve(
              `${event.instance} took ${Math.round(event.startup_us / 1000)} ms to start`,
            );
        }
        return Promise.resolve(null);
      },
      undo: () => target.turn(service, { knob: 'slow_start', delayMs: 0 }),
    };
  },
};
