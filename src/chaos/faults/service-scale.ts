import type { FaultAction } from '../fault-action.ts';
import type { ServiceState } from '../fault-target.ts';

/** Sets the service's own scaling limits. Confirmed by the limits in effect for the revisions with traffic. */
export const serviceScale: FaultAction<'service.scale'> = {
  kind: 'service.scale',
  apply: async ({ kind, minInstances, maxInstances }, { target, service }) => {
    const before = await target.snapshot(service);
    await target.scale(service, {
      ...(minInstances === undefined ? {} : { min: minInstances }),
      ...(maxInstances === undefined ? {} : { max: maxInstances }),
    });
    const said = [
      ...(minInstances === undefined ? [] : [`min ${minInstances}`]),
      ...(maxInstances === undefined ? [] : [`max ${maxInstances}`]),
    ];
    return {
      detail: `${kind}: ${said.join(', ')}`,
      confirm: async () => {
        const { min, max } = resolved(await target.look(service));
        const holds = (minInstances === undefined || min >= minInstances) && max <= (maxInstances ?? max);
        return holds ? `scaling has resolved to min ${min}, max ${max}` : null;
      },
      undo: async () => {
        await before.restore(['scaling']);
        return `${service}: the scaling is what it was`;
      },
    };
  },
};

/** The limits in effect, summed over the revisions with traffic. */
function resolved({ traffic, revisions }: ServiceState): { min: number; max: number } {
  const routed = revisions.filter(({ name }) =>
    traffic.some((line) => line.revision === name && line.percent > 0),
  );
  return {
    min: routed.reduce((total, { minInstances }) => total + minInstances, 0),
    max: routed.reduce((total, { maxInstances }) => total + maxInstances, 0),
  };
}
