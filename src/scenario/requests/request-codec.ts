import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';
import { expectationCodec } from './expectation-codec.ts';
import { expectNothing, type RequestBody, type RequestSpec } from './request-spec.ts';

const path = z.string().regex(/^\//, 'must be a path that starts with "/"');
const text = z.string('expected text: put it in quotes');

/** One of `requests:` as it stands in the file. */
export const requestShape = z.strictObject({
  name: z
    .string()
    .regex(/^[^\p{Cc}]{1,80}$/u, 'must be 1 to 80 printable characters')
    .describe('Names the request in reports, conditions and replayed lists.')
    .meta({ examples: ['read'] }),
  weight: z
    .number()
    .positive('must be more than 0')
    .max(1_000_000)
    .optional()
    .describe('How often it is drawn, relative to the others. Default: 1.')
    .meta({ examples: [9] }),
  get: pathOf('GET', '/orders/${rand_int(1,1000)}'),
  post: pathOf('POST', '/orders'),
  put: pathOf('PUT', '/orders/${seq}'),
  patch: pathOf('PATCH', '/orders/7'),
  delete: pathOf('DELETE', '/orders/${data.items.id}'),
  head: pathOf('HEAD', '/health'),
  options: pathOf('OPTIONS', '/orders'),
  headers: z
    .record(z.string(), text)
    .optional()
    .describe('Headers to send; their values may hold templates.')
    .meta({ examples: [{ 'x-request-id': '${uuid}' }] }),
  json: z
    .unknown()
    .optional()
    .describe('The body, sent as JSON; its texts may hold templates.')
    .meta({ examples: [{ sku: '${data.items.sku}', count: '${rand_int(1,5) as number}' }] }),
  form: z
    .record(z.string(), text)
    .optional()
    .describe('The body, sent as the fields of a form; they may hold templates.')
    .meta({ examples: [{ sku: '${data.items.sku}' }] }),
  body: z
    .string()
    .optional()
    .describe('The body, sent as it is, with its templates filled.')
    .meta({ examples: ['sku=${seq}'] }),
  hold: durationMs
    .optional()
    .describe(
      'How long the request is expected to hold a database session: for predictions, and for leak_probe.',
    )
    .meta({ examples: ['5ms'] }),
  expect: expectationCodec
    .optional()
    .describe('What a good answer looks like.')
    .meta({ examples: [{ status: 201, json: { '$.state': 'new' } }] }),
});

export type RequestInFile = z.output<typeof requestShape>;

/** The keys of which a request has one. */
export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** The keys of which a request has at most one. */
export const bodyKeys = ['json', 'form', 'body'] as const;

/** The keys in whose texts templates are filled. */
export const filledKeys: readonly string[] = [...methods, 'headers', ...bodyKeys];

function pathOf(method: string, example: string): z.ZodOptional<z.ZodString> {
  return path
    .optional()
    .describe(`Sends a ${method} request to this path, query included; it may hold templates.`)
    .meta({ examples: [example] });
}

/** Fills the defaults of a request. */
export function makeRequest(given: RequestInFile): RequestSpec {
  const method = methods.find((one) => given[one] !== undefined) ?? 'get';
  const body = makeBody(given);
  return {
    name: given.name,
    weight: given.weight ?? 1,
    method: method.toUpperCase(),
    path: given[method] ?? '/',
    headers: given.headers ?? {},
    ...(body === undefined ? {} : { body }),
    ...(given.hold === undefined ? {} : { holdMs: given.hold }),
    expect: given.expect ?? expectNothing,
  };
}

function makeBody({ json, form, body }: RequestInFile): RequestBody | undefined {
  if (json !== undefined) return { kind: 'json', value: json };
  if (form !== undefined) return { kind: 'form', fields: form };
  return body === undefined ? undefined : { kind: 'text', text: body };
}

/** The inverse of `makeRequest`: every default written out. */
export function writeRequest(request: RequestSpec): RequestInFile {
  return {
    name: request.name,
    weight: request.weight,
    [request.method.toLowerCase()]: request.path,
    ...(Object.keys(request.headers).length > 0 ? { headers: { ...request.headers } } : {}),
    ...(request.body === undefined ? {} : writeBody(request.body)),
    ...(request.holdMs === undefined ? {} : { hold: request.holdMs }),
    expect: request.expect,
  };
}

function writeBody(body: RequestBody): Pick<RequestInFile, 'json' | 'form' | 'body'> {
  if (body.kind === 'json') return { json: body.value };
  return body.kind === 'form' ? { form: { ...body.fields } } : { body: body.text };
}
