import { z } from 'zod';
import { timeUs, told } from '../bounded.ts';

/** When: microseconds since the run's origin. */
export const at = { t_us: timeUs };

/** Which instance. */
export const whose = { service: told, revision: told, instance: told };

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
  detail: told.optional(),
});

/** A step of the scenario's `chaos:`. `confirmed`: its effect was observed independently of the step itself. */
export const faultEvent = z.object({
  ...at,
  kind: z.literal('fault'),
  id: told,
  fault: told,
  service: told,
  state: z.enum(['started', 'confirmed', 'undone', 'failed']),
  detail: told,
});

/**
 * A part of the harness itself was gone, or stood still, from `from_us` to `t_us`. `from_us` is when it was last seen at
 * work. The links are part of the emulator; the server is one that was started for the run.
 */
export const lossEvent = z.object({
  ...at,
  kind: z.literal('loss'),
  of: z.enum(['emulator', 'generator', 'server']),
  how: z.enum(['gone', 'frozen']),
  from_us: z.number(),
  detail: z.string(),
});
