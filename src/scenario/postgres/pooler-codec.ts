import { z } from 'zod';
import { label } from '../language/label.ts';
import type { PoolerTarget } from './pooler-target.ts';

/** As text too, for it may come from `${env:...}`. */
const port = z
  .union([
    z.int(),
    z.codec(z.string().regex(/^\d+$/, 'must be a port'), z.int(), { decode: Number, encode: String }),
  ])
  .refine((value) => value >= 1 && value <= 65_535, 'must be between 1 and 65535');

const adminShape = z.strictObject({
  container: label
    .optional()
    .describe('The sidecar that it is: one in every instance.')
    .meta({ examples: ['pooler'] }),
  host: z
    .string()
    .min(1)
    .optional()
    .describe('Where it stands by itself. Default: 127.0.0.1.')
    .meta({ examples: ['127.0.0.1'] }),
  port: port
    .optional()
    .describe('The port of a pooler that stands by itself.')
    .meta({ examples: [6432] }),
  user: z
    .string()
    .min(1)
    .describe('One of its stats_users or admin_users.')
    .meta({ examples: ['stats'] }),
  password: z
    .string()
    .describe('The password of that user.')
    .meta({ examples: ['${env:POOLER_PASSWORD}'] }),
});

/** One of `poolers:`. */
export const poolerShape = z.strictObject({
  name: label.describe('Stands in the report; unique.').meta({ examples: ['pgbouncer'] }),
  service: label
    .optional()
    .describe('Whose sessions it holds. Default: the service that load is sent at.')
    .meta({ examples: ['api'] }),
  clients: z
    .int()
    .min(1, 'must be at least 1')
    .optional()
    .describe('Connections that one instance may open at the pooler: the client side of the budget.')
    .meta({ examples: [16] }),
  admin: adminShape
    .describe('PgBouncer’s admin console: a container of every instance, or a host and a port.')
    .meta({ examples: [{ container: 'pooler', user: 'stats', password: '${env:POOLER_PASSWORD}' }] }),
});

export type PoolerInFile = z.output<typeof poolerShape>;

/** Fills the defaults of a pooler; `driven` is the service that load is sent at. */
export function makePooler({ name, service, clients, admin }: PoolerInFile, driven: string): PoolerTarget {
  const { container, host = '127.0.0.1', port: at = 0, user, password } = admin;
  return {
    name,
    service: service ?? driven,
    place: container === undefined ? { kind: 'address', host, port: at } : { kind: 'container', container },
    user,
    password,
    clients: clients ?? null,
  };
}

/** The inverse of `makePooler`; the password is blotted out. */
export function writePooler({ name, service, place, user, clients }: PoolerTarget): PoolerInFile {
  const where =
    place.kind === 'container' ? { container: place.container } : { host: place.host, port: place.port };
  return {
    name,
    service,
    ...(clients === null ? {} : { clients }),
    admin: { ...where, user, password: '[redacted]' },
  };
}
