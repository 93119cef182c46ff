import { z } from 'zod';

/* What a run was made with, and how it ended: the small parts of `run.json`. */

export const tool = z.object({
  name: z.literal('poolproof'),
  version: z.string().meta({ description: 'The version of poolproof.', examples: ['0.1.0'] }),
  node: z.string().meta({ description: 'The version of Node.js.', examples: ['v20.20.2'] }),
});

export const machine = z.object({
  platform: z.string().meta({ description: 'process.platform.', examples: ['linux'] }),
  arch: z.string().meta({ description: 'process.arch.', examples: ['x64'] }),
  cpus: z.number().meta({ description: 'How many processors.', examples: [2] }),
  memory_bytes: z.number().meta({ description: 'All of its memory.', examples: [25_324_732_416] }),
});

export const schedule = z.object({
  hash: z.string().meta({
    description: 'Hash of every arrival: two runs with the same hash had the same load.',
    examples: ['5946d9f26bbb70ce050c67d1a6695a549ade7740f8bd7f8ac1abfefbeb9ba595'],
  }),
  planned: z.number().meta({ description: 'How many arrivals.', examples: [2699] }),
});

export const capacity = z.object({
  per_sec: z.number().meta({ description: 'Requests a second.', examples: [160] }),
  by: z.enum(['measured', 'fleet', 'start']).meta({
    description:
      'measured; computed from the declared pools and hold times; or the first rate of the calibration.',
    examples: ['measured'],
  }),
});

export const postgres = z.object({
  kind: z
    .enum(['embedded', 'container', 'url', 'cloud_sql'])
    .meta({ description: 'As in the scenario.', examples: ['embedded'] }),
  version: z.string().meta({ description: 'As the server says it.', examples: ['18.4'] }),
});

export const sampling = z.object({
  every_ms: z.number().meta({ description: 'The sampling period in milliseconds.', examples: [50] }),
});

export const databaseClock = z.object({
  offset_us: z.number().meta({
    description: 'Server time, microseconds since 1970, minus run time at the same moment.',
    examples: [1_796_128_704_356_774],
  }),
  error_us: z.number().meta({ description: 'By how much that may be wrong.', examples: [36] }),
});

/** How the run ended. `running` from the first writing on, so that a folder whose run was killed says so. */
export const ended = z.object({
  how: z.enum(['running', 'completed', 'interrupted', 'aborted', 'failed']).meta({
    description: 'running: it is under way, or it was killed.',
    examples: ['completed'],
  }),
  at_us: z
    .number()
    .nullable()
    .meta({
      description: 'Run time in microseconds; null while it is running.',
      examples: [54_647_686],
    }),
  reason: z
    .string()
    .nullable()
    .meta({ description: 'Why it did not run to its end; null where it did.', examples: [null] }),
});

export const conductor = z.object({
  pid: z.int().meta({ description: 'Its process id.', examples: [4711] }),
  began: z.string().meta({
    description: 'When it started: tells it from another with the same id.',
    examples: ['123456 ticks after boot 54c2a9d1-5f5a-4b52-9d8e-0f2f6f1f7a11'],
  }),
});
