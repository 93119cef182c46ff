import { z } from 'zod';
import { durationMs } from '../with-unit.ts';

const flag = z.boolean();

const status = z.int().min(100, 'no HTTP status').max(599, 'no HTTP status');

const path = z.string().regex(/^\//, 'must be a path that starts with "/"');

const text = z.string('expected text: put it in quotes');

const expectation = z.strictObject({
  status: z.union([status, z.array(status).min(1, 'at least one status is needed')]).optional(),
  headers: z
    .union([z.array(text).min(1, 'at least one header is needed'), z.record(z.string(), text)])
    .optional()
    .describe('Headers that must be there, or what each must contain, whatever the case.'),
  json: z
    .union([z.array(text).min(1, 'at least one path is needed'), z.record(z.string(), z.unknown())])
    .optional()
    .describe('JSONPaths that must find something, or what each must find.'),
  body_not_empty: flag.optional(),
});

/** One of `requests:` as it stands in the file. */
export const requestFile = z.strictObject({
  name: z.string().regex(/^[^\p{Cc}]{1,80}$/u, 'must be 1 to 80 printable characters'),
  weight: z.number().positive('must be more than 0').max(1_000_000).optional(),
  get: path.optional(),
  post: path.optional(),
  put: path.optional(),
  patch: path.optional(),
  delete: path.optional(),
  head: path.optional(),
  options: path.optional(),
  headers: z.record(z.string(), text).optional(),
  json: z.unknown().optional().describe('The body, sent as JSON.'),
  form: z.record(z.string(), text).optional().describe('The body, sent as the fields of a form.'),
  body: z.string().optional().describe('The body, sent as it is.'),
  hold: durationMs
    .optional()
    .describe('How long such a request should hold a session; used for predictions only.'),
  expect: expectation.optional().describe('What a good answer looks like.'),
});

export type RequestInFile = z.output<typeof requestFile>;

/** The keys of which a request has one. */
export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** The keys of which a request has at most one. */
export const bodyKeys = ['json', 'form', 'body'] as const;

/** The keys in whose texts templates are filled. */
export const filledKeys: readonly string[] = [...methods, 'headers', ...bodyKeys];
