import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';
import { whatIf } from '../shapes/findings.ts';

const kind = z.object({
  kind: z.string().meta({
    description:
      'slots_gone, only_reserved_left, role_limit or database_limit; untold where no text was recorded.',
    examples: ['slots_gone'],
  }),
  seen: z.number().meta({ description: 'How often it was seen, from all sides.', examples: [684] }),
});

const step = z.object({
  t_us: z.number().meta({ description: 'Run time in microseconds.', examples: [28_182_632] }),
  what: z
    .string()
    .meta({ description: 'What happened.', examples: ['Postgres refuses the first connection (53300)'] }),
});

const holder = z.object({
  who: z.string().meta({ description: 'The service; else the role or the application.', examples: ['api'] }),
  state: z.string().meta({ description: 'As in pg_stat_activity.', examples: ['idle in transaction'] }),
  count: z.number().meta({ description: 'How many sessions.', examples: [64] }),
  oldest_ms: z
    .number()
    .nullable()
    .meta({
      description:
        'How long the oldest has been in this state, in milliseconds; null where the role may not see it.',
      examples: [1554.974],
    }),
});

const holders = z.object({
  t_us: z
    .number()
    .meta({ description: 'When the sample was taken, run time in microseconds.', examples: [28_185_422] }),
  total: z.number().meta({ description: 'All sessions in the sample.', examples: [99] }),
  rows: z.array(holder).meta({
    description: 'The sessions by holder and state, the largest group first.',
    examples: [[exampleOf(holder)]],
  }),
});

const question = z.object({
  question: z.string().meta({ description: 'The question.', examples: ['1. Is it us?'] }),
  answer: z.enum(['yes', 'no', 'unknown']).meta({ description: 'What evidence says.', examples: ['yes'] }),
  because: z.string().meta({
    description: 'What the answer rests on.',
    examples: ['api held 90 of the 99 sessions at the first refusal; the server has 97 for all'],
  }),
  ids: z.array(z.string()).meta({ description: 'The diagnoses that say so.', examples: [['D02']] }),
});

const change = whatIf.extend({
  id: z.string().meta({
    description: 'The diagnosis that proposes it; empty for a bigger server.',
    examples: ['D02'],
  }),
});

/** A run in which Postgres refused connections with 53300, told in the order in which an incident is asked about. */
export const incidentShape = z.object({
  t_us: z
    .number()
    .meta({ description: 'The first refusal, run time in microseconds.', examples: [28_182_632] }),
  refused: z.number().meta({ description: 'Connections that were refused.', examples: [816] }),
  kinds: z.array(kind).meta({
    description: 'Refusals by what the server said; the same one may be seen from several sides.',
    examples: [[exampleOf(kind)]],
  }),
  timeline: z.array(step).meta({
    description: 'What led to the first refusal and what came of it, in time order.',
    examples: [[exampleOf(step)]],
  }),
  holders: holders.nullable().meta({
    description: 'Who held sessions at the first refusal, in the nearest sample; null where there was none.',
    examples: [exampleOf(holders)],
  }),
  questions: z.array(question).meta({
    description: 'The seven questions of an incident, in their order.',
    examples: [[exampleOf(question)]],
  }),
  what_if: z.array(change).meta({
    description: 'The budget after each change that was proposed, the surest first; a bigger server last.',
    examples: [[exampleOf(change)]],
  }),
});

export type Incident = z.infer<typeof incidentShape>;
