import { z } from 'zod';
import type { Expectation, HeaderCheck, JsonCheck } from './request-spec.ts';

const status = z.int().min(100, 'not an HTTP status').max(599, 'not an HTTP status');
const text = z.string('expected text: put it in quotes');

const shape = z.strictObject({
  status: z
    .union([status, z.array(status).min(1, 'at least one status is needed')])
    .optional()
    .describe('The status, or several of which it must be one. Default: any 2xx or 3xx.')
    .meta({ examples: [201, [200, 404]] }),
  headers: z
    .union([z.array(text).min(1, 'at least one header is needed'), z.record(z.string(), text)])
    .optional()
    .describe('A list of headers that must be there, or what each must contain, whatever the case.')
    .meta({ examples: [['x-request-id'], { 'content-type': 'application/json' }] }),
  json: z
    .union([z.array(text).min(1, 'at least one path is needed'), z.record(z.string(), z.unknown())])
    .optional()
    .describe('A list of JSONPaths that must find something, or what each of them must find.')
    .meta({ examples: [['$.id'], { '$.state': 'new' }] }),
  body_not_empty: z
    .boolean()
    .optional()
    .describe('Whether the answer must have a body. Default: false.')
    .meta({ examples: [true] }),
});

type InFile = z.output<typeof shape>;

/** `expect:` of a request. */
export const expectationCodec = z.codec(shape, z.custom<Expectation>(), {
  decode: (given) => ({
    status: [given.status ?? []].flat(),
    headers: makeHeaderChecks(given.headers ?? []),
    json: makeJsonChecks(given.json ?? []),
    bodyNotEmpty: given.body_not_empty ?? false,
  }),
  // Checks of presence and checks of content are two forms of one key, and never stand together.
  encode: ({ status, headers, json, bodyNotEmpty }) => ({
    ...(status.length > 0 ? { status: [...status] } : {}),
    ...(headers.length > 0 ? { headers: writeHeaderChecks(headers) } : {}),
    ...(json.length > 0 ? { json: writeJsonChecks(json) } : {}),
    body_not_empty: bodyNotEmpty,
  }),
});

type HeadersInFile = NonNullable<InFile['headers']>;
type JsonInFile = NonNullable<InFile['json']>;

function makeHeaderChecks(given: HeadersInFile): readonly HeaderCheck[] {
  return Array.isArray(given)
    ? given.map((name) => ({ name: name.toLowerCase(), contains: null }))
    : Object.entries(given).map(([name, contains]) => ({ name: name.toLowerCase(), contains }));
}

function writeHeaderChecks(checks: readonly HeaderCheck[]): HeadersInFile {
  return checks.every(({ contains }) => contains === null)
    ? checks.map(({ name }) => name)
    : Object.fromEntries(checks.map(({ name, contains }) => [name, contains ?? '']));
}

function makeJsonChecks(given: JsonInFile): readonly JsonCheck[] {
  return Array.isArray(given)
    ? given.map((path) => ({ path, is: null }))
    : Object.entries(given).map(([path, value]) => ({ path, is: { value } }));
}

function writeJsonChecks(checks: readonly JsonCheck[]): JsonInFile {
  return checks.every(({ is }) => is === null)
    ? checks.map(({ path }) => path)
    : Object.fromEntries(checks.map(({ path, is }) => [path, is?.value]));
}
