import { isDeepStrictEqual } from 'node:util';
import { compileJsonPath } from '../../scenario/requests/json-path.ts';
import type { Expectation, HeaderCheck, JsonCheck } from '../../scenario/requests/request-spec.ts';
import type { AnswerHeaders } from './answer.ts';

/**
 * Whether a successful answer has the headers and the body that its route expects. Null where nothing is expected,
 * where the status is no success, and where it can't be known. `body` holds the bytes that were kept.
 */
export type BodyCheck = (
  status: number,
  headers: AnswerHeaders,
  bytes: number,
  body: Buffer | null,
) => boolean | null;

/** The most that is kept of a body for a check. Whether a longer one is right stays unknown. */
const mostKept = 1024 * 1024;

/** How many bytes of each answer's body the checks need. */
export function keepBytes({ json }: Expectation): number {
  return json.length === 0 ? 0 : mostKept;
}

/** Compiles the checks of a route. */
export function makeBodyCheck({ headers, json, bodyNotEmpty }: Expectation): BodyCheck {
  if (headers.length === 0 && json.length === 0 && !bodyNotEmpty) return () => null;
  const jsonHolds = json.length === 0 ? null : makeJsonCheck(json);
  const wanted = headers.map(({ name, contains }) => ({ name, contains: contains?.toLowerCase() ?? null }));
  return (status, given, bytes, body) => {
    if (status < 200 || status > 299) return null;
    if (bodyNotEmpty && bytes === 0) return false;
    if (!wanted.every((check) => headerHolds(check, given))) return false;
    return jsonHolds === null ? true : jsonHolds(given, bytes, body);
  };
}

function headerHolds({ name, contains }: HeaderCheck, headers: AnswerHeaders): boolean {
  const given = headers[name];
  if (given === undefined || contains === null) return given !== undefined;
  const value = typeof given === 'string' ? given : given.join(', ');
  return value.toLowerCase().includes(contains);
}

function makeJsonCheck(
  checks: readonly JsonCheck[],
): (headers: AnswerHeaders, bytes: number, body: Buffer | null) => boolean | null {
  const compiled = checks.map(({ path, is }) => ({ find: compileJsonPath(path), is }));
  const decoder = new TextDecoder();
  return (headers, bytes, body) => {
    const kept = body ?? empty;
    if (kept.length < bytes || isEncoded(headers)) return null;
    const parsed = parse(decoder.decode(kept));
    if (parsed === null) return false;
    try {
      return compiled.every(({ find, is }) => {
        const found = find(parsed.value);
        return is === null ? found.length > 0 : found.some((value) => isDeepStrictEqual(value, is.value));
      });
    } catch {
      // The JSONPath library gives up on bodies that are nested too deeply.
      return null;
    }
  };
}

const empty = Buffer.alloc(0);

/** Bodies are compressed only if the route itself asks for it. */
function isEncoded(headers: AnswerHeaders): boolean {
  const encoding = headers['content-encoding'];
  return encoding !== undefined && encoding !== 'identity';
}

function parse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
