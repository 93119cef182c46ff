import type { AnswerHeaders } from '../answer/answer.ts';
import { readFields } from './fields.ts';

/** The head of an answer. */
export interface Head {
  readonly status: number;
  readonly isHttp10: boolean;
  readonly headers: AnswerHeaders;
}

const start = 'HTTP/1.';

/** Whether text may be the beginning of a head: what is none is refused before it ends, if it ever does. */
export function mayBeHead(text: string): boolean {
  return start.startsWith(text.slice(0, start.length));
}

/** The last head, as it was written: many services say the same again and again, until the second changes. */
let lastText = '';
let lastHead: Head | null = null;

/** Reads status line and headers, each line ended by CRLF; null where the text is no head. */
export function readHead(text: string): Head | null {
  if (text === lastText) return lastHead;
  lastHead = readNewHead(text);
  lastText = text;
  return lastHead;
}

function readNewHead(text: string): Head | null {
  const end = text.indexOf('\r');
  const minor = digit(text, 7);
  const status = digit(text, 9) * 100 + digit(text, 10) * 10 + digit(text, 11);
  // A server may leave out the reason together with the space before it, as many do.
  const isStatusLine =
    text.startsWith(start) &&
    (minor === 0 || minor === 1) &&
    text.charCodeAt(8) === 32 &&
    status >= 100 &&
    (end === 12 || text.charCodeAt(12) === 32) &&
    text.indexOf('\n') === end + 1;
  const headers = isStatusLine ? readFields(text, end + 2) : null;
  return headers === null ? null : { status, isHttp10: minor === 0, headers };
}

/** NaN where it is none: then no comparison holds. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NaN;
}
