import { durationOf } from '../target/effective-target.ts';
import type { Expectation, RequestBody, RequestSpec } from './request-spec.ts';

/** One of `requests:` in the language of the file, every default written out. */
export function effectiveRequest(request: RequestSpec): object {
  return {
    name: request.name,
    weight: request.weight,
    [request.method.toLowerCase()]: request.path,
    ...(Object.keys(request.headers).length > 0 ? { headers: { ...request.headers } } : {}),
    ...(request.body === undefined ? {} : bodyOf(request.body)),
    ...(request.holdMs === undefined ? {} : { hold: durationOf(request.holdMs) }),
    expect: expectOf(request.expect),
  };
}

function bodyOf(body: RequestBody): object {
  if (body.kind === 'json') return { json: body.value };
  return body.kind === 'form' ? { form: { ...body.fields } } : { body: body.text };
}

/** What must only be there and what must be something are two shapes of one key, and never stand together. */
function expectOf({ status, headers, json, bodyNotEmpty }: Expectation): object {
  return {
    ...(status.length > 0 ? { status: [...status] } : {}),
    ...(headers.length > 0 ? { headers: headersOf(headers) } : {}),
    ...(json.length > 0 ? { json: jsonOf(json) } : {}),
    body_not_empty: bodyNotEmpty,
  };
}

function headersOf(headers: Expectation['headers']): object {
  return headers.every(({ contains }) => contains === null)
    ? headers.map(({ name }) => name)
    : Object.fromEntries(headers.map(({ name, contains }) => [name, contains]));
}

function jsonOf(json: Expectation['json']): object {
  return json.every(({ is }) => is === null)
    ? json.map(({ path }) => path)
    : Object.fromEntries(json.map(({ path, is }) => [path, is?.value]));
}
