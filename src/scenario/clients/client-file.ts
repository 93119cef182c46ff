import { z } from 'zod';
import { retryFile } from './client-retry-file.ts';
import { positiveMs } from '../with-unit.ts';

/** `client:` as it stands in the file. */
export const clientFile = z.strictObject({
  clients: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('Simulated client processes; each has a retry budget and cookies of its own. 1 unless given.'),
  timeout: positiveMs.optional().describe('An attempt is given up after this long.'),
  deadline: positiveMs
    .optional()
    .describe('An answer later than this is worth nothing; it covers all attempts.'),
  connections: z
    .enum(['keep_alive', 'fresh'], 'must be keep_alive or fresh')
    .optional()
    .describe('fresh: a connection for every attempt. keep_alive unless given.'),
  cookies: z.boolean().optional().describe('Each client keeps the cookies that it is given.'),
  id_token: z
    .strictObject({ audience: z.string().min(1, 'must not be empty') })
    .optional()
    .describe('Every request carries an ID token for this audience.'),
  retry: retryFile.optional().describe('What is done about an attempt that failed. none unless given.'),
});

export type ClientInFile = z.output<typeof clientFile>;
