import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';

/* What was there: sessions in Postgres, instances, and what was changed about them. */

const service = z.string().meta({ description: 'The declared service.', examples: ['api'] });

const sessions = z.object({
  service,
  revision: z
    .string()
    .nullable()
    .meta({ description: 'Null for all revisions together.', examples: [null, 'api-00001-bbi'] }),
  peak_exact: z
    .number()
    .nullable()
    .meta({ description: 'The most sessions at once; null where they were not counted.', examples: [16] }),
  claim: z.number().meta({ description: 'The most that the service may hold.', examples: [20] }),
});

export const backends = z.object({
  peak_sampled: z
    .number()
    .nullable()
    .meta({ description: 'The most sessions in any sample; null without samples.', examples: [32] }),
  peak_upper: z
    .number()
    .nullable()
    .meta({
      description: 'The most there can have been, between samples too; null where no upper bound is known.',
      examples: [34],
    }),
  peak_exact: z
    .number()
    .nullable()
    .meta({
      description: 'The most sessions of all declared services, counted; null where one was not counted.',
      examples: [32],
    }),
  refused: z.number().meta({
    description: 'Connections that Postgres refused because it was out of slots (53300).',
    examples: [0],
  }),
  services: z.array(sessions).meta({
    description: 'Each declared service: all its revisions together, then each revision.',
    examples: [[exampleOf(sessions)]],
  }),
});

const counts = {
  peak: z
    .number()
    .nullable()
    .meta({
      description: 'The most instances alive at once; null where the platform does not tell.',
      examples: [8],
    }),
  started: z
    .number()
    .nullable()
    .meta({
      description: 'Instances that were started; null where the platform does not tell.',
      examples: [8],
    }),
  failed: z
    .number()
    .nullable()
    .meta({ description: 'Instances that failed; null where the platform does not tell.', examples: [0] }),
  limit: z.number().meta({ description: 'max_instances of the contract.', examples: [8] }),
};

const fleet = z.object({ service, ...counts });

export const instances = z.object({
  ...counts,
  services: z.array(fleet).meta({
    description: 'Every declared service.',
    examples: [[exampleOf(fleet)]],
  }),
});

/** A change of a revision after the first deployment, or a step of a fault. */
export const change = z.object({
  t_us: z.number().meta({ description: 'Run time in microseconds.', examples: [27_185_019] }),
  kind: z.enum(['revision', 'fault']).meta({ description: 'What was changed.', examples: ['fault'] }),
  service,
  what: z.string().meta({
    description: 'The revision; or the fault, with its id in the scenario.',
    examples: ['api-00002-dmm', 'revision.deploy (1-revision.deploy)'],
  }),
  state: z
    .enum(['created', 'ready', 'failed', 'serving', 'retired', 'started', 'confirmed', 'undone'])
    .meta({ description: 'What became of it.', examples: ['started'] }),
  detail: z
    .string()
    .meta({ description: 'More about it, in words.', examples: ['api-00002-dmm serves (RELEASE set)'] }),
});
