import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { checkExpectation } from './check-expectation.ts';
import { checkNames } from '../language/check-names.ts';
import { bodyKeys, methods, type RequestInFile } from './request-codec.ts';
import { piecesOf } from './template.ts';

/** Headers that the client derives from the address and the body. */
const ownHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect'];

/** Methods whose requests have no body. */
const bodiless = ['get', 'head'] as const;

/** Headers that the clients of this scenario set by themselves, by what makes them do so. */
export interface ClientHeaders {
  readonly cookies: boolean;
  readonly idToken: boolean;
}

/** What no shape can check of requests: one method each, a body only where there may be one, sound headers. */
export function checkRequests(
  requests: readonly RequestInFile[],
  client: ClientHeaders,
  source: YamlFile,
): readonly Problem[] {
  const each = requests.flatMap((request, index) => {
    const path: YamlPath = ['requests', index];
    return [
      ...methodProblems(request, path, source),
      ...pathProblems(request, path, source),
      ...bodyProblems(request, path, source),
      ...headerProblems(request, client, path, source),
      ...checkExpectation(request, path, source),
    ];
  });
  return [...checkNames('request', requests, ['requests'], source), ...each];
}

function methodProblems(request: RequestInFile, path: YamlPath, source: YamlFile): readonly Problem[] {
  const given = methods.filter((method) => request[method] !== undefined);
  if (given.length === 1) return [];
  const message =
    given.length === 0
      ? `the request "${request.name}" has no method; it needs one of ${methods.join(', ')}`
      : `the request "${request.name}" has ${given.length} methods: ${given.join(', ')}`;
  return [{ message, place: source.placeOf(path) }];
}

/** What the author wrote is sent as it is; only what templates fill in is encoded. */
function pathProblems(request: RequestInFile, path: YamlPath, source: YamlFile): readonly Problem[] {
  return methods.flatMap((method) => {
    const written = piecesOf(request[method] ?? '').filter((piece) => typeof piece === 'string');
    const [wrong] = /[^!-~]|#/u.exec(written.join('')) ?? [];
    if (wrong === undefined) return [];
    const message = `${[...path, method].join('.')}: a path may not contain ${JSON.stringify(wrong)}`;
    const hint = `write ${encodeURIComponent(wrong.toWellFormed())}`;
    return [{ message, place: source.placeOf([...path, method]), hint }];
  });
}

function bodyProblems(request: RequestInFile, path: YamlPath, source: YamlFile): readonly Problem[] {
  const given = bodyKeys.filter((key) => request[key] !== undefined);
  const [first, last] = [given[0], given.at(-1)];
  if (first === undefined || last === undefined) return [];
  const method = bodiless.find((one) => request[one] !== undefined);
  const all = given.map((key) => `"${key}"`).join(' and ');
  return [
    ...(given.length > 1
      ? [{ message: `${all} exclude each other`, place: source.placeOfKey([...path, last]) }]
      : []),
    ...(method === undefined
      ? []
      : [
          {
            message: `a ${method} request has no body: ${first} can't be sent`,
            place: source.placeOfKey([...path, first]),
          },
        ]),
    ...numberProblems(request.json, [...path, 'json'], source),
  ];
}

/** YAML has numbers that JSON lacks; they would arrive as null. */
function numberProblems(value: unknown, path: YamlPath, source: YamlFile): readonly Problem[] {
  if (typeof value === 'number' && !Number.isFinite(value))
    return [{ message: `${path.join('.')}: JSON has no ${value}`, place: source.placeOf(path) }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    numberProblems(item, [...path, Array.isArray(value) ? Number(key) : key], source),
  );
}

function headerProblems(
  request: RequestInFile,
  client: ClientHeaders,
  path: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  return Object.entries(request.headers ?? {}).flatMap(([name, value]) => {
    const place = source.placeOfKey([...path, 'headers', name]);
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      return [{ message: `"${name}" is not a valid header name`, place }];
    const owner = ownerOf(name.toLowerCase(), client);
    if (owner !== undefined) return [{ message: `${owner} sets the header "${name}" itself`, place }];
    return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
      ? []
      : [{ message: `the header "${name}" has a character that is not allowed in headers`, place }];
  });
}

function ownerOf(name: string, client: ClientHeaders): string | undefined {
  if (ownHeaders.includes(name)) return 'the client';
  if (name === 'cookie' && client.cookies) return 'client.cookies';
  return name === 'authorization' && client.idToken ? 'client.id_token' : undefined;
}
