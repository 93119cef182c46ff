import { durationOf } from './effective-target.ts';
import type { RequestSpec } from './request-spec.ts';

/** One of `requests:` in the language of the file, every default written out. */
export function effectiveRequest(request: RequestSpec): object {
  return {
    name: request.name,
    weight: request.weight,
    [request.method.toLowerCase()]: request.path,
    ...(Object.keys(request.headers).length > 0 ? { headers: { ...request.headers } } : {}),
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.holdMs === undefined ? {} : { hold: durationOf(request.holdMs) }),
    expect: {
      ...(request.expect.status.length > 0 ? { status: [...request.expect.status] } : {}),
      body_not_empty: request.expect.bodyNotEmpty,
    },
  };
}
