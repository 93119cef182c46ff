import { z } from 'zod';
import { compact } from '../../../contract/cloud-run/reading.ts';
import { ingressEnv, wrongWithVariable } from '../../target/instance-env.ts';
import { count, type FaultSpec } from '../fault-spec.ts';
import { areOrdered, disorder, instanceLimits } from '../instance-limits.ts';

/** A new revision from the newest template, with these variables set or changed; all traffic goes to it. */
export interface RevisionDeploy {
  readonly kind: 'revision.deploy';
  readonly env: Readonly<Record<string, string>>;
  readonly maxInstances?: number;
  readonly minInstances?: number;
  readonly concurrency?: number;
}

const env = z
  .record(z.string(), z.string('expected text: put it in quotes'))
  .superRefine((given, context) => {
    for (const [name, value] of Object.entries(given)) {
      const message = wrongWithVariable(name, value, ingressEnv);
      if (message !== undefined) context.addIssue({ code: 'custom', message, path: [name] });
    }
  });

const shape = z
  .strictObject({
    env: env
      .optional()
      .describe('Variables that are set or changed in the container that takes the requests. Default: none.')
      .meta({ examples: [{ VERSION: '2' }] }),
    ...instanceLimits,
    concurrency: count(1)
      .optional()
      .describe('Requests that one instance of the new revision accepts at once. Default: unchanged.')
      .meta({ examples: [16] }),
  })
  .refine(areOrdered, disorder);

export const revisionDeploy: FaultSpec<RevisionDeploy> = {
  kind: 'revision.deploy',
  undoable: true,
  needs: ['admin_api'],
  parameters: z
    .codec(shape, z.custom<RevisionDeploy>(), {
      decode: ({ env: variables = {}, min_instances, max_instances, concurrency }): RevisionDeploy => ({
        kind: 'revision.deploy',
        env: variables,
        ...compact({ minInstances: min_instances, maxInstances: max_instances, concurrency }),
      }),
      encode: ({ env: variables, minInstances, maxInstances, concurrency }) =>
        compact({
          env: { ...variables },
          min_instances: minInstances,
          max_instances: maxInstances,
          concurrency,
        }),
    })
    .describe('Deploys a new revision from the newest template and sends all traffic to it.')
    .meta({ examples: [{ env: { VERSION: '2' } }] }),
};
