import { methods, type RequestInFile } from './request-file.ts';
import type { Expectation, HeaderCheck, JsonCheck, RequestBody, RequestSpec } from './request-spec.ts';

/** One kind of request, with its defaults. */
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
    expect: makeExpectation(given.expect ?? {}),
  };
}

function makeBody({ json, form, body }: RequestInFile): RequestBody | undefined {
  if (json !== undefined) return { kind: 'json', value: json };
  if (form !== undefined) return { kind: 'form', fields: form };
  return body === undefined ? undefined : { kind: 'text', text: body };
}

type ExpectationInFile = NonNullable<RequestInFile['expect']>;

function makeExpectation({
  status,
  headers,
  json,
  body_not_empty: bodyNotEmpty,
}: ExpectationInFile): Expectation {
  return {
    status: [status ?? []].flat(),
    headers: makeHeaderChecks(headers ?? []),
    json: makeJsonChecks(json ?? []),
    bodyNotEmpty: bodyNotEmpty ?? false,
  };
}

function makeHeaderChecks(given: NonNullable<ExpectationInFile['headers']>): readonly HeaderCheck[] {
  return Array.isArray(given)
    ? given.map((name) => ({ name: name.toLowerCase(), contains: null }))
    : Object.entries(given).map(([name, contains]) => ({ name: name.toLowerCase(), contains }));
}

function makeJsonChecks(given: NonNullable<ExpectationInFile['json']>): readonly JsonCheck[] {
  return Array.isArray(given)
    ? given.map((path) => ({ path, is: null }))
    : Object.entries(given).map(([path, value]) => ({ path, is: { value } }));
}
