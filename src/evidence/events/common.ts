import { z } from 'zod';

/** When: microseconds since the run's origin. */
export const at = { t_us: z.number() };

/** Which instance. */
export const whose = { service: z.string(), revision: z.string(), instance: z.string() };
