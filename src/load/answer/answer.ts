import { mostUs } from '../../evidence/bounded.ts';

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

/** No request may last longer, so nothing within one does. */
const mostAcquireMs = 3_600_000;
/** The longest that the record has room for, 24 days. */
const mostRetryAfterMs = 2 ** 31 - 1;

/** Told of each header whose number makes no sense: it counts as missing. */
export type OnNonsense = () => void;

/** Reads the headers that services and the emulator may send. */
export function readAnswer(
  status: number,
  headers: AnswerHeaders,
  onNonsense: OnNonsense = () => undefined,
): Answer {
  const text = (name: string): string | null => firstOf(headers[name]);
  const sensible = (value: number | null, most: number): number | null => {
    if (value === null || (value >= 0 && value <= most)) return value;
    onNonsense();
    return null;
  };
  const acquireMs = readAcquireMs(headers['server-timing']);
  const acquire = sensible(acquireMs, mostAcquireMs);
  return {
    status,
    platformReason: text('x-poolproof-platform'),
    errorCode: text('x-error-code'),
    sqlstate: text('x-sqlstate'),
    retryAfterMs: sensible(readRetryAfter(text('retry-after'), text('date')), mostRetryAfterMs),
    instance: text('x-poolproof-instance') ?? text('x-instance'),
    revision: text('x-poolproof-revision'),
    receivedUs: sensible(readNumber(text('x-poolproof-received-us')), mostUs),
    arrivedUs: sensible(readNumber(text('x-poolproof-arrived-us')), mostUs),
    ownUs: sensible(readNumber(text('x-poolproof-own-us')), mostUs),
    acquireUs: acquire === null ? null : Math.round(acquire * 1000),
  };
}

/** The clocks of two machines round differently. */
const roundingUs = 5000;

/** An answer without a wait that is longer than the whole request was: one that no service can have had. */
export function withoutImpossible(answer: Answer, tookUs: number, onNonsense: OnNonsense): Answer {
  if (answer.acquireUs === null || answer.acquireUs <= tookUs + roundingUs) return answer;
  onNonsense();
  return { ...answer, acquireUs: null };
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

/** The `acquire` entry of Server-Timing, milliseconds as its `dur` is; Infinity where it has too many digits. */
export function readAcquireMs(value: string | string[] | undefined): number | null {
  if (value === undefined) return null;
  const entries = [value].flat().join(',').slice(0, mostOfTiming).split(',');
  const entry = entries.find((one) => /^\s*acquire\s*;/i.test(one));
  const found = /\bdur\s*=\s*"?(\d+(?:\.\d+)?)/i.exec(entry ?? '');
  return found?.[1] === undefined ? null : Number(found[1]);
}

/** Entries beyond this are not looked at. */
const mostOfTiming = 8192;

function firstOf(value: string | string[] | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined || text === '' ? null : text.slice(0, longest);
}

function readNumber(text: string | null): number | null {
  return text === null ? null : Number(text);
}
