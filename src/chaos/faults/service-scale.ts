import type { FaultAction } from '../fault-action.ts';
import type { ServiceSight } from '../fault-target.ts';

/** The service's own limits. Seen in what the scaling of the revisions with traffic has resolved to. */
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

/** Over the revisions that have traffic: shares of the service's limits, or limits of their own. */
function resolved({ traffic, revisions }: ServiceSight): { min: number; max: number } {
  const routed = revisions.filter(({ name }) =>
    traffic.some((line) => line.revision === name && line.percent > 0),
  );
  return {
    min: routed.reduce((total, { minInstances }) => total + minInstances, 0),
    max: routed.reduce((total, { maxInstances }) => total + maxInstances, 0),
  };
}
