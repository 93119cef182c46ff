import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';
import { provenance } from './judged.ts';

/* What explains a verdict: the entries of `diagnosis[]` and of `predictions[]`. */

/** The budget after a change of the contract. */
export const whatIf = z.object({
  change: z.string().meta({ description: 'What is changed.', examples: ['max instances 50 -> 4'] }),
  claim: z.number().meta({ description: 'The claim after it, in sessions.', examples: [60] }),
  planned: z.number().meta({ description: 'Claim and headroom after it, in sessions.', examples: [90] }),
  fits: z.boolean().meta({ description: 'Whether that is inside the usable slots.', examples: [true] }),
});

export const diagnosis = z.object({
  id: z.string().meta({ description: 'D01 to D26.', examples: ['D10'] }),
  title: z.string().meta({
    description: 'The way the budget is broken.',
    examples: ['a retry storm keeps the service down'],
  }),
  confidence: z.enum(['high', 'medium', 'low']).meta({
    description:
      'high: counted exactly, and what tells it apart was seen. medium: inferred. low: correlated.',
    examples: ['high'],
  }),
  lever: z.string().meta({
    description: 'The first thing to change.',
    examples: ['a retry budget for the clients, and respect for Retry-After'],
  }),
  evidence: z.array(z.string()).meta({
    description: 'What speaks for it, a sentence with numbers each.',
    examples: [['from 14 s after the trigger on: 3 attempts for each request on average; at baseline 1']],
  }),
  confirm: z.string().meta({
    description: 'What would confirm it, or change our mind.',
    examples: ['run the same seed with retry: none: it must recover'],
  }),
  what_if: z.array(whatIf).meta({
    description: 'The budget after each change that it proposes.',
    examples: [[exampleOf(whatIf)]],
  }),
});

export const prediction = z.object({
  id: z.string().meta({ description: 'What is predicted.', examples: ['busy_sessions'] }),
  statement: z.string().meta({
    description: 'The arithmetic behind it.',
    examples: ['44/s x 101 ms = 4.44 sessions (Little), of 2 x 1 x 4 = 8 in the pools: 4.44 busy on average'],
  }),
  phase: z.string().meta({ description: 'The phase it is about.', examples: ['baseline'] }),
  predicted: z.number().meta({ description: 'The predicted value.', examples: [4.444] }),
  measured: z
    .number()
    .nullable()
    .meta({ description: 'The measured value; null where it was not measured.', examples: [4.617] }),
  ratio: z
    .number()
    .nullable()
    .meta({
      description: 'measured / predicted; null where either is missing or nothing was predicted.',
      examples: [1.039],
    }),
  band: z
    .tuple([z.number(), z.number()])
    .nullable()
    .meta({
      description:
        'Where the prediction may lie when its inputs vary within their 95 % intervals; null where that is not known.',
      examples: [[4.141, 4.747]],
    }),
  unit: z.string().meta({ description: 'The unit of the values.', examples: ['sessions'] }),
  match: z
    .enum(['match', 'mismatch', 'not_measured'])
    .meta({ description: 'Whether the measured value bears the prediction out.', examples: ['match'] }),
  provenance,
});
