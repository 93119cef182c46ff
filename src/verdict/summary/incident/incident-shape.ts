import { z } from 'zod';
import { whatIf } from '../summary-shapes.ts';

/** A run in which Postgres refused connections with 53300, told in the order in which an incident is asked about. */
export const incidentShape = z.object({
  /** The first refusal, run time. */
  t_us: z.number(),
  refused: z.number(),
  /** Sights by what the server said; the same refusal may be seen from several sides. */
  kinds: z.array(z.object({ kind: z.string(), seen: z.number() })),
  timeline: z.array(z.object({ t_us: z.number(), what: z.string() })),
  /** Who held sessions at the first refusal, in the sample next to it; null where there was none. */
  holders: z
    .object({
      t_us: z.number(),
      total: z.number(),
      rows: z.array(
        z.object({
          who: z.string(),
          state: z.string(),
          count: z.number(),
          /** The oldest has been in this state for so long; null where the role may not see it. */
          oldest_ms: z.number().nullable(),
        }),
      ),
    })
    .nullable(),
  questions: z.array(
    z.object({
      question: z.string(),
      answer: z.enum(['yes', 'no', 'unknown']),
      because: z.string(),
      /** The diagnoses that say so. */
      ids: z.array(z.string()),
    }),
  ),
  /** The budget after each change that was proposed, the surest first; a bigger server last. */
  what_if: z.array(whatIf.extend({ id: z.string() })),
});

export type Incident = z.infer<typeof incidentShape>;
