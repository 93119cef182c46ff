import { z } from 'zod';
import { exampleOf } from '../../../base/json-schema.ts';

/* What was judged: the entries of `bounds[]` and of `validity[]`. */

const status = z.enum(['PASS', 'PASS_SAMPLED', 'FAIL', 'INCONCLUSIVE', 'NOT_APPLICABLE']).meta({
  description:
    'PASS rests on exact counts or upper bounds, PASS_SAMPLED on samples. INCONCLUSIVE: evidence is missing or a guard is broken.',
  examples: ['PASS', 'FAIL'],
});

/** Where a number comes from. */
export const provenance = z.enum(['emulated', 'observed']).meta({
  description:
    'observed: it really happened, on this machine. emulated: the emulator of the platform had a hand in it.',
  examples: ['observed'],
});

const moment = z.object({
  t_us: z.number().meta({ description: 'Run time in microseconds.', examples: [27_088_350] }),
  phase: z
    .string()
    .nullable()
    .meta({ description: 'The phase it fell in; null outside every phase.', examples: ['burst'] }),
  offset_ms: z.number().meta({
    description: 'Milliseconds since that phase began; outside every phase, since load began.',
    examples: [2118.348],
  }),
});

const witness = z.object({
  from_us: z.number().meta({ description: 'Run time in microseconds.', examples: [27_088_350] }),
  to_us: z.number().meta({ description: 'The same; equal to from_us for a moment.', examples: [27_088_350] }),
  what: z.string().meta({
    description: 'What was seen, in one sentence with numbers.',
    examples: ['24 of 30 reserved slots left (73 of 97 usable ones taken)'],
  }),
});

/** What was measured against which limit. */
const measured = {
  value: z
    .number()
    .nullable()
    .meta({ description: 'The worst value seen; null where nothing was seen.', examples: [16] }),
  limit: z
    .number()
    .nullable()
    .meta({ description: 'What the value is held against; null where there is no limit.', examples: [20] }),
  unit: z
    .string()
    .meta({ description: 'The unit of value and limit.', examples: ['sessions', 'ms', 'ratio'] }),
};

export const bound = z.object({
  id: z.string().meta({
    description: "B01 to B26; A01, A02, ... for the scenario's own assertions.",
    examples: ['B01', 'A01'],
  }),
  name: z.string().meta({
    description: 'A short name that stays the same; for an assertion, its text.',
    examples: ['claim-steady'],
  }),
  severity: z
    .enum(['hard', 'soft'])
    .meta({ description: 'A hard FAIL fails the run; a soft one degrades it.', examples: ['hard'] }),
  status,
  ...measured,
  reason: z.string().meta({
    description: 'One sentence: what was seen, or which evidence is missing.',
    examples: ['peak 16 of a claim of 20 (every session counted)'],
  }),
  first_violation: moment.nullable().meta({
    description: 'When it was first broken; null where it was not.',
    examples: [null, exampleOf(moment)],
  }),
  witness: witness.nullable().meta({
    description: 'The proof of a FAIL; null otherwise.',
    examples: [null, exampleOf(witness)],
  }),
  n: z.number().meta({ description: 'How many observations it rests on.', examples: [16] }),
  coverage: z
    .number()
    .nullable()
    .meta({
      description:
        'The share of the judged time that was observed, 0 to 1; null where time is not what is judged.',
      examples: [1],
    }),
  confidence: z
    .number()
    .nullable()
    .meta({
      description:
        'How sure we can be of the share that is judged, given only clean observations, 0 to 1; null where no share is judged.',
      examples: [null, 0.999],
    }),
  provenance,
});

export const guard = z.object({
  id: z.string().meta({ description: 'V01 to V16.', examples: ['V01'] }),
  name: z.string().meta({ description: 'A short name that stays the same.', examples: ['generator-lag'] }),
  ok: z.boolean().meta({ description: 'Whether the guard holds.', examples: [true] }),
  ...measured,
  reason: z.string().meta({
    description: 'One sentence with the numbers.',
    examples: ['2699 of 2699 planned arrivals sent (100 %, needed 99.9 %)'],
  }),
  affects: z.array(z.string()).meta({
    description: 'The bounds that become INCONCLUSIVE, unless they FAIL, where this guard is broken.',
    examples: [['B10', 'B12']],
  }),
  provenance,
});
