import type { RequestInFile } from './request-file.ts';
import type { RequestSpec } from './request-spec.ts';

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** One kind of request, with its defaults. */
export function makeRequest(given: RequestInFile): RequestSpec {
  const method = methods.find((one) => given[one] !== undefined) ?? 'get';
  const body = given.json === undefined ? given.body : JSON.stringify(given.json);
  return {
    name: given.name,
    weight: given.weight ?? 1,
    method: method.toUpperCase(),
    path: given[method] ?? '/',
    headers: headersOf(given),
    ...(body === undefined ? {} : { body }),
    ...(given.hold === undefined ? {} : { holdMs: given.hold }),
    expect: {
      status: statusesOf(given),
      bodyNotEmpty: given.expect?.body_not_empty ?? false,
    },
  };
}

function headersOf({ headers = {}, json }: RequestInFile): Readonly<Record<string, string>> {
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return json === undefined || hasType ? headers : { ...headers, 'content-type': 'application/json' };
}

function statusesOf({ expect }: RequestInFile): readonly number[] {
  const status = expect?.status ?? [];
  return typeof status === 'number' ? [status] : status;
}
