import { z } from 'zod';
import { label } from '../target/local-file.ts';

const port = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d+$/, 'must be a port')
      .transform((text) => Number(text)),
  ])
  .refine((value) => value >= 1 && value <= 65_535, 'must be between 1 and 65535');

/** One of `poolers:`. */
export const poolerFile = z.strictObject({
  name: label,
  service: label
    .optional()
    .describe('Whose sessions it holds; the service that load is sent at unless given.'),
  clients: z
    .int()
    .min(1, 'must be at least 1')
    .optional()
    .describe('Connections that one instance may open at the pooler: the client side of the budget.'),
  admin: z
    .strictObject({
      container: label.optional().describe('The sidecar that it is: one in every instance.'),
      host: z.string().min(1).optional().describe('Where it stands by itself.'),
      port: port.optional(),
      user: z.string().min(1).describe('One of its stats_users or admin_users.'),
      password: z.string(),
    })
    .describe('PgBouncer’s admin console: a container of every instance, or a host and a port.'),
});

export type PoolerInFile = z.output<typeof poolerFile>;
