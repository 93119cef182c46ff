import { z } from 'zod';

/** When: microseconds since the run's origin. */
export const at = { t_us: z.number() };

/** Which instance. */
export const whose = { service: z.string(), revision: z.string(), instance: z.string() };

/** A moment of the run itself. */
export const markEvent = z.object({
  ...at,
  kind: z.literal('mark'),
  name: z.enum([
    'load_start',
    'load_end',
    'drain_end',
    'sampler_lost',
    'log_incomplete',
    'interrupted',
    'aborted',
  ]),
  detail: z.string().optional(),
});

/** A step of the scenario's `chaos:`. `confirmed`: its effect was observed independently of the step itself. */
export const faultEvent = z.object({
  ...at,
  kind: z.literal('fault'),
  id: z.string(),
  fault: z.string(),
  service: z.string(),
  state: z.enum(['started', 'confirmed', 'undone', 'failed']),
  detail: z.string(),
});
