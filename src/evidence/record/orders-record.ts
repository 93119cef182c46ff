import { z } from 'zod';

/* What a run had to keep to, and what was looked at besides. */

/** An assertion of the scenario, in the grammar of its language. */
export const assertionRecord = z.object({
  expr: z.string().meta({
    description: 'The condition, as in the scenario.',
    examples: ['p99(http.latency{outcome=ok}) <= 800ms in recovery'],
  }),
  severity: z
    .enum(['hard', 'soft'])
    .meta({ description: 'Whether it fails the run or degrades it.', examples: ['hard'] }),
  because: z
    .string()
    .nullable()
    .meta({ description: 'Why it was asked for; null: not said.', examples: ['the promise to our callers'] }),
});

/** A condition that ends a run at once. */
export const abortRecord = z.object({
  when: z.string().meta({
    description: 'The condition, as in the scenario.',
    examples: ['max(db.backends) >= 95% of server for 5s'],
  }),
  because: z
    .string()
    .nullable()
    .meta({ description: 'Why it was asked for; null: not said.', examples: ['the server is shared'] }),
});

/** What was checked before anything was started. */
export const checkRecord = z.object({
  id: z.string().meta({ description: 'What was checked.', examples: ['budget_steady'] }),
  level: z
    .enum(['ok', 'warning', 'refusal'])
    .meta({ description: 'What it came to; a refusal starts nothing.', examples: ['ok'] }),
  message: z.string().meta({
    description: 'The arithmetic, or what is wrong.',
    examples: ['during a rollout api 8 x (1 + 1) = 16; 16 + 30 headroom = 46 of 97 usable'],
  }),
  overcommit: z
    .boolean()
    .meta({ description: 'Whether accept_overcommit lets the run start all the same.', examples: [false] }),
});

/** A pooler between a service and Postgres. */
export const poolerRecord = z.object({
  name: z.string().meta({ description: 'As in the scenario.', examples: ['pgbouncer'] }),
  service: z.string().meta({ description: 'The service whose sessions it holds.', examples: ['api'] }),
  per_instance: z
    .boolean()
    .meta({ description: 'One beside each instance; otherwise one for all.', examples: [true] }),
  clients: z
    .number()
    .nullable()
    .meta({
      description: 'Connections that one instance may open at it; null where nobody said.',
      examples: [8],
    }),
});
