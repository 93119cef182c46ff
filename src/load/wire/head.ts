import type { AnswerHeaders } from '../answer/answer.ts';
import { readFields } from './fields.ts';

/** The head of an answer. */
export interface Head {
  readonly status: number;
  readonly isHttp10: boolean;
  readonly headers: AnswerHeaders;
}

const start = 'HTTP/1.';

/** Whether text can be the start of a head. Anything else is refused at once: it might never end. */
export function mayBeHead(text: string): boolean {
  return start.startsWith(text.slice(0, start.length));
}

/** The last head and its text: many services send the very same head until their Date changes. */
let lastText = '';
let lastHead: Head | null = null;

/** Reads the status line and the headers, each ended by CRLF; null where the text is not a valid head. */
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
  // Many servers leave out the reason together with the space before it.
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

/** The digit there; NaN for any other character, so that every comparison fails. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : NaN;
}
