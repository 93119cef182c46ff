import type { AnswerHeaders } from '../answer/answer.ts';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Header names as servers write them, with their lower case: the same few come again and again. */
const lowerCase = new Map<string, string>();
const mostNames = 500;
const longestName = 100;

/**
 * Headers have no prototype, so that `constructor` and the like are not found where no such header was sent. V8 is
 * faster with objects made by a constructor than with those of `Object.create(null)`.
 */
const Headers = function () {
  // The headers are set one by one.
} as unknown as new () => Record<string, string | string[]>;
Headers.prototype = Object.create(null) as object;

/**
 * Reads header lines, each ended by CRLF, from `from` on: lower-case names, repeated headers as arrays. Null where a
 * line is malformed (RFC 9112, 5): folded lines, spaces before the colon, bare line breaks and null characters are
 * refused; other control characters are kept, as RFC 9110, 5.5 allows.
 */
export function readFields(lines: string, from: number): AnswerHeaders | null {
  if (lines.includes('\0')) return null;
  const headers = new Headers();
  let at = from;
  while (at < lines.length) {
    const end = lines.indexOf('\r', at);
    const name = readName(lines.slice(at, Math.max(at, lines.indexOf(':', at))));
    if (name === null || lines.indexOf('\n', at) !== end + 1) return null;
    const value = readValue(lines, at + name.length + 1, end);
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
    at = end + 2;
  }
  return headers;
}

/** The name in lower case; null where it is not a token, as in a line without a colon. */
function readName(written: string): string | null {
  const known = lowerCase.get(written);
  if (known !== undefined) return known;
  if (!token.test(written)) return null;
  const name = written.toLowerCase();
  if (lowerCase.size < mostNames && name.length <= longestName) lowerCase.set(written, name);
  return name;
}

/** The value without the blanks around it. */
function readValue(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
