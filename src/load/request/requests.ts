import type { Draw } from '../../scenario/requests/draw.ts';
import type { Feeds } from '../../scenario/data/feed.ts';
import type { RequestSpec } from '../../scenario/requests/request-spec.ts';
import {
  compileTemplate,
  fillPart,
  type Part,
  type TemplateSetting,
} from '../../scenario/requests/template.ts';
import { keepBytes } from '../answer/check-answer.ts';
import { headerList, type HeaderList, type HttpRequest } from './http-request.ts';
import { compileBody, contentTypes } from './request-body.ts';

/** Builds a route's request for a draw; the same draw always gives the same request. */
export type MakeRequest = (draw: Draw) => HttpRequest;

/** Compiles every route's templates once, in the order of the scenario. */
export function compileRequests(
  requests: readonly RequestSpec[],
  data: Feeds,
  seed: number,
): readonly MakeRequest[] {
  return requests.map((request) => compileRequest(request, data, seed));
}

function compileRequest(request: RequestSpec, feeds: Feeds, seed: number): MakeRequest {
  const setting = (part: string): TemplateSetting => ({ seed, feeds, stream: `${request.name}/${part}` });
  const path = compileTemplate(request.path, setting('path'), targetEncoded);
  const body = request.body === undefined ? null : compileBody(request.body, setting('body'));
  const headers = compileHeaders(request, (name) => setting(`headers/${name}`));
  const { method } = request;
  const kept = keepBytes(request.expect);
  const make: MakeRequest = (draw) => ({
    method,
    path: fillPart(path, draw),
    headers: 'pairs' in headers ? headers : headers(draw),
    extra: none,
    body: body === null ? null : fillPart(body, draw),
    keepBytes: kept,
  });
  const isConstant = typeof path === 'string' && 'pairs' in headers && typeof body !== 'function';
  if (!isConstant) return make;
  const only = make({ arrival: 0, client: 0, nth: 0 });
  return () => only;
}

const none: readonly string[] = [];

/** Formatted once where there is no template in them. */
function compileHeaders(
  { headers, body }: RequestSpec,
  setting: (name: string) => TemplateSetting,
): HeaderList | ((draw: Draw) => HeaderList) {
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const pairs: readonly Part[] = [
    ...Object.entries(headers).flatMap(([name, value]) => [name, compileTemplate(value, setting(name))]),
    ...(body === undefined || named.has('content-type') ? [] : ['content-type', contentTypes[body.kind]]),
    ...(named.has('user-agent') ? [] : ['user-agent', 'poolproof']),
  ];
  const isText = (part: Part): part is string => typeof part === 'string';
  return pairs.every(isText)
    ? headerList(pairs)
    : (draw) => headerList(pairs.map((part) => fillPart(part, draw)));
}

/**
 * Makes a value fit for a path or query: spaces, control characters, `#` and everything that is not ASCII would break
 * the request line and are percent-encoded. Anything else is up to the author.
 */
function targetEncoded(value: string): string {
  let isPlain = true;
  for (let index = 0; index < value.length && isPlain; index += 1)
    isPlain = isTargetCode(value.charCodeAt(index));
  if (isPlain) return value;
  let encoded = '';
  for (const byte of Buffer.from(value, 'utf8'))
    encoded += isTargetCode(byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return encoded;
}

function isTargetCode(code: number): boolean {
  return code > 0x20 && code < 0x7f && code !== 0x23;
}
