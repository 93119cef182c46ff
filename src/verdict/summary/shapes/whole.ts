import { z } from 'zod';

/* Of the run as a whole: `judged_by`, `answers`, `exercise` and `ended`. */

export const judgedBy = z.object({
  contract: z
    .string()
    .nullable()
    .meta({ description: 'The contract that counted; null: its own.', examples: ['budget.yaml'] }),
  rules: z
    .string()
    .nullable()
    .meta({ description: 'The assertions that counted; null: its own.', examples: [null, 'rules.yaml'] }),
});

const answer = z.enum(['yes', 'no', 'inconclusive']);

export const answers = z.object({
  bounded: answer.meta({
    description: 'Whether the service stayed inside its budget at every moment.',
    examples: ['yes'],
  }),
  fast_failing: answer.meta({
    description: 'Whether what it could not serve failed soon, and said so.',
    examples: ['yes'],
  }),
});

export const exercise = z.object({
  statement: z.string().meta({
    description: 'How hard the run pressed, in one sentence.',
    examples: ['offered load 10 times the baseline, up to 8 instances alive'],
  }),
  exercised: z
    .boolean()
    .meta({ description: 'Whether that is hard enough for a PASS to mean something.', examples: [true] }),
  saturated_ratio: z
    .number()
    .nullable()
    .meta({
      description:
        'The share of the stress time in which sessions stood at 90 % of the claim or more, 0 to 1; null where they were not counted.',
      examples: [0.581],
    }),
  peak_instances: z
    .number()
    .nullable()
    .meta({
      description: 'The most instances alive at once; null where the platform does not tell.',
      examples: [8],
    }),
});

export const ended = z.object({
  how: z.string().meta({
    description: 'completed, interrupted, aborted or failed; running where it was killed.',
    examples: ['completed'],
  }),
  reason: z
    .string()
    .nullable()
    .meta({ description: 'Why it did not run to its end; null where it did.', examples: [null] }),
});
