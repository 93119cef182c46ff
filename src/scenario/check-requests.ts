import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { methods } from './make-requests.ts';
import type { RequestInFile } from './request-file.ts';

/** Headers that the client sets by itself, from the address and the body. */
const ownHeaders = ['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'expect'];

/** What no shape can say of requests: one method each, a body where one is meant, headers that may be sent. */
export function checkRequests(requests: readonly RequestInFile[], source: YamlFile): readonly Problem[] {
  return requests.flatMap((request, index) => [
    ...methodProblems(request, ['requests', index], source),
    ...bodyProblems(request, ['requests', index], source),
    ...headerProblems(request, ['requests', index], source),
  ]);
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

function bodyProblems(request: RequestInFile, path: YamlPath, source: YamlFile): readonly Problem[] {
  const both = request.json !== undefined && request.body !== undefined;
  const hasBody = request.json !== undefined || request.body !== undefined;
  const key = request.json === undefined ? 'body' : 'json';
  return [
    ...(both
      ? [{ message: '"json" and "body" exclude each other', place: source.placeOfKey([...path, 'body']) }]
      : []),
    ...(hasBody && request.get !== undefined
      ? [{ message: `a get request has no ${key}`, place: source.placeOfKey([...path, key]) }]
      : []),
  ];
}

function headerProblems(request: RequestInFile, path: YamlPath, source: YamlFile): readonly Problem[] {
  return Object.entries(request.headers ?? {}).flatMap(([name, value]) => {
    const place = source.placeOfKey([...path, 'headers', name]);
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name))
      return [{ message: `"${name}" is no name for a header`, place }];
    if (ownHeaders.includes(name.toLowerCase()))
      return [{ message: `the client sets the header "${name}" by itself`, place }];
    return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
      ? []
      : [{ message: `the header "${name}" has a character that no header may have`, place }];
  });
}
