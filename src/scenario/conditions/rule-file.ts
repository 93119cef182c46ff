import { z } from 'zod';

const because = z.string().min(1).optional().describe('Why it matters; shown where it is broken.');

/** `assertions:` as it stands in a file. */
export const assertionsFile = z.array(
  z.union([
    z.string().min(1),
    z.strictObject({
      expr: z.string().min(1),
      severity: z
        .enum(['hard', 'soft'])
        .optional()
        .describe('hard (the default): broken, the run FAILs. soft: it is DEGRADED.'),
      because,
    }),
  ]),
);

/** `abort:` as it stands in a file. */
export const abortFile = z.array(
  z.union([z.string().min(1), z.strictObject({ when: z.string().min(1), because })]),
);
