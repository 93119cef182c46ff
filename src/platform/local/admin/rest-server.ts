import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkPlace, type AdminApi } from './admin-api.ts';
import { ApiError, asApiError, errorBody, invalidArgument, statuses } from './api-error.ts';
import { checkCaller } from './access.ts';
import { withEnumNumbers } from './enums.ts';
import { getStatus } from './handlers/get-status.ts';
import { turnKnob } from './handlers/turn-knob.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { readParameters } from './parameters.ts';
import { readResourceName } from './resource-name.ts';
import { routeOf } from './routes.ts';

/** Far more than any service's JSON. */
const mostBodyBytes = 4 * 1024 * 1024;

/** Opens the API's REST listener on loopback. */
export async function openRest(api: AdminApi, port: number, token: string): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.on('request', (request, response) => {
    const own = (server.address() as AddressInfo | null)?.port ?? 0;
    void answerTo(api, request, own, token).then(({ status, body }) => {
      const text = JSON.stringify(body, null, 2);
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(`${text}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  return server;
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Never rejects: what goes wrong is the answer. */
async function answerTo(
  api: AdminApi,
  request: IncomingMessage,
  port: number,
  token: string,
): Promise<Answer> {
  try {
    const { host, origin, authorization } = request.headers;
    checkCaller({ host, origin, authorization }, port, token);
    return { status: 200, body: await dispatch(api, request) };
  } catch (error) {
    const refusal = asApiError(error);
    // What the client still sends doesn't matter: it must not hold up the connection.
    request.resume();
    return { status: statuses[refusal.status].http, body: errorBody(refusal) };
  }
}

async function dispatch(api: AdminApi, request: IncomingMessage): Promise<JsonObject> {
  const { pathname, searchParams } = readUrl(request.url ?? '/');
  const verb = request.method ?? 'GET';
  const own = ownCall(verb, pathname);
  if (own !== null) {
    return own.kind === 'status' ? getStatus(api) : turnKnob(api, own.service, await readBody(request));
  }
  const [path = '', custom = ''] = pathname.replace(/^\/v2\//, '').split(/:(?=[A-Za-z]+$)/, 2);
  const name = pathname.startsWith('/v2/') ? readResourceName(path) : null;
  if (name === null) throw new ApiError('NOT_FOUND', `no such path: ${verb} ${pathname}`);
  const method = routeOf(verb, name.shape, custom);
  if (method === undefined)
    throw new ApiError('UNIMPLEMENTED', `${verb} ${pathname}: this emulator has no such method`);
  if (typeof method === 'string') throw new ApiError('UNIMPLEMENTED', method);
  checkPlace(api, name);
  const parameters = readParameters(searchParams);
  const answer = await method.handle(api, { name, parameters, body: await readBody(request) });
  const { schema } = api;
  return parameters.enumNumbers ? withEnumNumbers(schema, schema.message(method.answers), answer) : answer;
}

function readUrl(text: string): { pathname: string; searchParams: URLSearchParams } {
  try {
    const url = new URL(text, 'http://127.0.0.1');
    return { pathname: decodeURIComponent(url.pathname), searchParams: url.searchParams };
  } catch {
    throw new ApiError('INVALID_ARGUMENT', `not a path: ${text}`);
  }
}

type OwnCall = { readonly kind: 'status' } | { readonly kind: 'turn'; readonly service: string };

/** The calls that only an emulator has. */
function ownCall(verb: string, pathname: string): OwnCall | null {
  if (verb === 'GET' && pathname === '/emulator/v1/status') return { kind: 'status' };
  const [, service] = /^\/emulator\/v1\/services\/([^/:]+):turn$/.exec(pathname) ?? [];
  return verb === 'POST' && service !== undefined ? { kind: 'turn', service } : null;
}

/** The body as an object; {} when there is none. */
async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > mostBodyBytes)
      throw new ApiError('INVALID_ARGUMENT', `the body is larger than ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  const body = parseJson(Buffer.concat(chunks).toString('utf8'));
  if (!isObject(body)) throw invalidArgument([{ field: 'body', description: 'must be a JSON object' }]);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidArgument([{ field: 'body', description: 'is not JSON' }]);
  }
}
