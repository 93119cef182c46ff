import { parseGoDurationMs } from './go-duration.ts';

/** What an annotation says, or what it should. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly wanted: string };

/** How the text of an annotation is read. */
export type Read<T> = (text: string) => Reading<T>;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number within bounds, both included. */
export function numberIn(min: number, max: number): Read<number> {
  const wanted = max === Infinity ? `a number from ${min}` : `a number from ${min} to ${max}`;
  return (text) => within(decimal.test(text) ? Number(text) : NaN, min, max, wanted);
}

/** A whole number from a minimum up to what Kubernetes can count. */
export function wholeFrom(min: number): Read<number> {
  return (text) =>
    within(/^[+-]?\d+$/.test(text) ? Number(text) : NaN, min, 2 ** 31 - 1, `a whole number from ${min}`);
}

/** Milliseconds of a duration of whole seconds, or of any. */
export function durationIn(minMs: number, maxMs: number, precision: 'seconds' | 'any'): Read<number> {
  const kind = precision === 'seconds' ? 'a duration of whole seconds' : 'a duration';
  const wanted = `${kind} from ${minMs / 1000}s to ${maxMs / 3_600_000}h, such as "90s" or "1m30s"`;
  return (text) => {
    const ms = parseGoDurationMs(text) ?? NaN;
    return precision === 'seconds' && ms % 1000 !== 0
      ? { ok: false, wanted }
      : within(ms, minMs, maxMs, wanted);
  };
}

/** One of the words, each standing for a value. */
export function oneOf<T extends string>(words: Readonly<Record<string, T>>): Read<T> {
  const wanted = Object.keys(words).join(' or ');
  return (text) => {
    const value = Object.hasOwn(words, text) ? words[text] : undefined;
    return value === undefined ? { ok: false, wanted } : { ok: true, value };
  };
}

/** One number that stands for something of its own, or what else is read. */
export function numberOr(exception: number, read: Read<number>): Read<number> {
  return (text) => {
    if (decimal.test(text) && Number(text) === exception) return { ok: true, value: exception };
    const reading = read(text);
    return reading.ok ? reading : { ok: false, wanted: `${exception} or ${reading.wanted}` };
  };
}

function within(value: number, min: number, max: number, wanted: string): Reading<number> {
  return value >= min && value <= max ? { ok: true, value } : { ok: false, wanted };
}
