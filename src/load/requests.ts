import type { Dispatcher } from 'undici';
import type { RequestSpec } from '../scenario/request-spec.ts';
import { compileTemplate } from '../scenario/template.ts';

/** Makes the request of one route for an arrival; the same arrival always gives the same request. */
export type MakeRequest = (arrival: number) => Dispatcher.DispatchOptions;

/** Compiles every route's templates once, in the order of the scenario. */
export function compileRequests(requests: readonly RequestSpec[], seed: number): MakeRequest[] {
  return requests.map((request) => compileRequest(request, seed));
}

function compileRequest(request: RequestSpec, seed: number): MakeRequest {
  const path = compileTemplate(request.path, seed, `${request.name}/path`);
  const body =
    request.body === undefined ? () => null : compileTemplate(request.body, seed, `${request.name}/body`);
  const headers = headersOf(request);
  const { method } = request;
  return (arrival) => ({ method, path: path(arrival), headers, body: body(arrival) });
}

/** Names and values in turn, which undici reads fastest. */
function headersOf(request: RequestSpec): string[] {
  const named = Object.keys(request.headers).some((name) => name.toLowerCase() === 'user-agent');
  return [...Object.entries(request.headers).flat(), ...(named ? [] : ['user-agent', 'poolproof'])];
}
