import type { AnswerHeaders } from '../answer/answer.ts';
import type { Head } from './head.ts';

/** Where the body of an answer ends. */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

const none: Framing = { kind: 'length', bytes: 0 };
const chunked: Framing = { kind: 'chunked' };
const untilClose: Framing = { kind: 'close' };

/** No more digits than a number holds exactly. */
const length = /^\d{1,15}$/;

/**
 * How the body is delimited (RFC 9112, 6.3). Null where the answer contradicts itself: with both a length and a coding,
 * or with several lengths, there is no telling where the next answer begins.
 */
export function framingOf({ status, headers }: Head, isAnswerToHead: boolean): Framing | null {
  const bytes = headers['content-length'];
  const coding = headers['transfer-encoding'];
  if (bytes !== undefined && (coding !== undefined || Array.isArray(bytes) || !length.test(bytes)))
    return null;
  if (isAnswerToHead || status === 204 || status === 304) return none;
  if (coding !== undefined) return /(?:^|,)[ \t]*chunked$/i.test(joined(coding)) ? chunked : untilClose;
  return bytes === undefined ? untilClose : { kind: 'length', bytes: Number(bytes) };
}

/** Whether the connection may carry another request after this answer (RFC 9112, 9.3). */
export function staysOpen({ isHttp10, headers }: Head, framing: Framing): boolean {
  if (framing.kind === 'close' || (framing.kind === 'chunked' && isHttp10)) return false;
  const said = saidOfConnection(headers);
  return said === null ? !isHttp10 : said === 'keep-alive';
}

/** What the `connection` header says about staying open. */
export function saidOfConnection({ connection }: AnswerHeaders): 'close' | 'keep-alive' | null {
  if (connection === undefined) return null;
  if (connection === 'keep-alive' || connection === 'close') return connection;
  const options = joined(connection)
    .toLowerCase()
    .split(',')
    .map((option) => option.trim());
  if (options.includes('close')) return 'close';
  return options.includes('keep-alive') ? 'keep-alive' : null;
}

function joined(value: string | string[]): string {
  return Array.isArray(value) ? value.join(',') : value;
}
