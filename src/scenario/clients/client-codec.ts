import { z } from 'zod';
import { positiveMs } from '../language/with-unit.ts';
import type { Client } from './client.ts';
import { makeRetry, retryShape, writeRetry } from './retry-codec.ts';

/** `client:` as it stands in the file. */
export const clientShape = z.strictObject({
  clients: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe(
      'How many simulated clients share the arrivals; each has its own retry budget and cookies. Default: 1.',
    )
    .meta({ examples: [100] }),
  timeout: positiveMs
    .optional()
    .describe('An attempt is given up after this long. Default: the request timeout + 12s.')
    .meta({ examples: ['2s'] }),
  deadline: positiveMs
    .optional()
    .describe(
      'An answer that comes later is worth nothing; covers all attempts. Default: the request timeout.',
    )
    .meta({ examples: ['3s'] }),
  connections: z
    .enum(['keep_alive', 'fresh'], 'must be keep_alive or fresh')
    .optional()
    .describe('fresh: a new connection for every attempt, closed after it. Default: keep_alive.')
    .meta({ examples: ['fresh'] }),
  cookies: z
    .boolean()
    .optional()
    .describe('Whether each client keeps the cookies it is given. Default: false.')
    .meta({ examples: [true] }),
  id_token: z
    .strictObject({
      audience: z
        .string()
        .min(1, 'must not be empty')
        .describe('Whom the token is for: mostly the URL of the service.')
        .meta({ examples: ['https://api.example.com'] }),
    })
    .optional()
    .describe('Every request carries an ID token for this audience. Default: none.')
    .meta({ examples: [{ audience: 'https://api.example.com' }] }),
  retry: retryShape
    .optional()
    .describe('What a client does about a failed attempt: none, a policy by name, or keys. Default: none.')
    .meta({ examples: ['none', 'grpc', { policy: 'naive', max_attempts: 5 }] }),
});

export type ClientInFile = z.output<typeof clientShape>;

/** What a caller waits beyond the longest request: the 10 s that the platform may queue it, and the way there. */
const graceMs = 12_000;

/** Fills the defaults of `client:`; two of them follow from the longest request. */
export function makeClient(given: ClientInFile, requestTimeoutMs: number): Client {
  return {
    count: given.clients ?? 1,
    timeoutMs: given.timeout ?? requestTimeoutMs + graceMs,
    deadlineMs: given.deadline ?? requestTimeoutMs,
    connections: given.connections ?? 'keep_alive',
    cookies: given.cookies ?? false,
    idToken: given.id_token ?? null,
    retry: makeRetry(given.retry),
  };
}

/** The inverse of `makeClient`: every default written out. */
export function writeClient(client: Client): ClientInFile {
  return {
    clients: client.count,
    timeout: client.timeoutMs,
    deadline: client.deadlineMs,
    connections: client.connections,
    cookies: client.cookies,
    ...(client.idToken === null ? {} : { id_token: { ...client.idToken } }),
    retry: writeRetry(client.retry),
  };
}
