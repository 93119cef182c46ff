/** The headers of an answer, as undici has them: lower-case names, repeated headers as arrays. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What the headers of an answer say. A field is null where its header is missing. */
export interface Answer {
  readonly status: number;
  /** Why the platform answered in place of an instance. */
  readonly platformReason: string | null;
  readonly errorCode: string | null;
  readonly sqlstate: string | null;
  readonly retryAfterMs: number | null;
  readonly instance: string | null;
  readonly revision: string | null;
  /** When the instance got the request, microseconds on the run clock. */
  readonly receivedUs: number | null;
  /** When the emulator's front got it, and how long the emulator itself took over it after that. */
  readonly arrivedUs: number | null;
  readonly ownUs: number | null;
  /** How long the service waited for a session. */
  readonly acquireUs: number | null;
}

/** No known error code or instance name is longer; the rest would only bloat the record. */
const longest = 120;

/** Reads the headers that services and the emulator may send. */
export function readAnswer(status: number, headers: AnswerHeaders): Answer {
  const text = (name: string): string | null => firstOf(headers[name]);
  return {
    status,
    platformReason: text('x-poolproof-platform'),
    errorCode: text('x-error-code'),
    sqlstate: text('x-sqlstate'),
    retryAfterMs: readRetryAfter(text('retry-after'), text('date')),
    instance: text('x-poolproof-instance') ?? text('x-instance'),
    revision: text('x-poolproof-revision'),
    receivedUs: readNumber(text('x-poolproof-received-us')),
    arrivedUs: readNumber(text('x-poolproof-arrived-us')),
    ownUs: readNumber(text('x-poolproof-own-us')),
    acquireUs: readAcquire(headers['server-timing']),
  };
}

/**
 * Retry-After (RFC 9110, 10.2.3) in milliseconds: a number of seconds, or an HTTP date. A date is compared with the
 * answer's own Date, because the clocks of two machines may differ.
 */
export function readRetryAfter(value: string | null, date: string | null): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const delayMs = Date.parse(value) - Date.parse(date ?? '');
  return Number.isNaN(delayMs) ? null : Math.max(0, delayMs);
}

/** The `acquire` entry of Server-Timing, microseconds; its `dur` is in milliseconds. */
export function readAcquire(value: string | string[] | undefined): number | null {
  if (value === undefined) return null;
  const entries = [value].flat().join(',');
  const found = /(?:^|,)\s*acquire\s*;[^,]*?\bdur\s*=\s*"?(\d+(?:\.\d+)?)/i.exec(entries);
  return found?.[1] === undefined ? null : Math.round(Number(found[1]) * 1000);
}

function firstOf(value: string | string[] | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined || text === '' ? null : text.slice(0, longest);
}

function readNumber(text: string | null): number | null {
  const value = text === null ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
