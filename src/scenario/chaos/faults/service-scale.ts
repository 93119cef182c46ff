import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import type { FaultSpec } from '../fault-spec.ts';
import { areOrdered, disorder, instanceLimits } from '../instance-limits.ts';

/** The service's own limits, whatever its revisions have. */
export interface ServiceScale {
  readonly kind: 'service.scale';
  readonly minInstances?: number;
  readonly maxInstances?: number;
}

const shape = z
  .strictObject(instanceLimits)
  .refine(areOrdered, disorder)
  .refine((given) => Object.keys(given).length > 0, 'needs min_instances, max_instances or both');

export const serviceScale: FaultSpec<ServiceScale> = {
  kind: 'service.scale',
  undoable: true,
  needs: ['admin_api'],
  parameters: z
    .codec(shape, z.custom<ServiceScale>(), {
      decode: ({ min_instances, max_instances }): ServiceScale => ({
        kind: 'service.scale',
        ...compact({ minInstances: min_instances, maxInstances: max_instances }),
      }),
      encode: ({ minInstances, maxInstances }) =>
        compact({ min_instances: minInstances, max_instances: maxInstances }),
    })
    .describe('Changes how few and how many instances the service may have.')
    .meta({ examples: [{ max_instances: 8 }] }),
};
