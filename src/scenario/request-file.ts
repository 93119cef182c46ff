import { z } from 'zod';
import { durationMs } from './with-unit.ts';

const flag = z.boolean();

const status = z.int().min(100, 'no HTTP status').max(599, 'no HTTP status');

const path = z.string().regex(/^\/[^\s#]*$/, 'must be a path that starts with "/" and has no spaces');

/** One of `requests:` as it stands in the file. */
export const requestFile = z.strictObject({
  name: z.string().regex(/^[^\p{Cc}]{1,80}$/u, 'must be 1 to 80 printable characters'),
  weight: z.number().positive('must be more than 0').max(1_000_000).optional(),
  get: path.optional(),
  post: path.optional(),
  put: path.optional(),
  patch: path.optional(),
  delete: path.optional(),
  headers: z.record(z.string(), z.string('expected text: put it in quotes')).optional(),
  json: z.unknown().optional().describe('The body, sent as JSON.'),
  body: z.string().optional().describe('The body, sent as it is.'),
  hold: durationMs
    .optional()
    .describe('How long such a request should hold a session; used for predictions only.'),
  expect: z
    .strictObject({
      status: z.union([status, z.array(status).min(1, 'at least one status is needed')]).optional(),
      body_not_empty: flag.optional(),
    })
    .optional(),
});

export type RequestInFile = z.output<typeof requestFile>;
