/** The value of a text with a unit, or why it has none. */
export type Parsed =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly why: string };

const msPer = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const secondsPer = { s: 1, m: 60, h: 3600 } as const;
const bytesPer = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** The pattern of a duration, for schemas. */
export const durationPattern = /^(\d+(?:\.\d+)?)\s*(us|ms|s|m|h)$/;
/** The pattern of a rate, for schemas. */
export const ratePattern = /^(\d+(?:\.\d+)?)\s*\/\s*(s|m|h)$/;
/** The pattern of a speed, for schemas. */
export const speedPattern = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB)\s*\/\s*s$/;

/** Milliseconds of "250ms", "10s", "5m", "1.5h". A bare number is refused: it has no unit. */
export function parseDurationMs(text: unknown): Parsed {
  return parseWith(
    text,
    durationPattern,
    'a duration with its unit, such as "250ms" or "10s"',
    (n, unit) => n * msPer[unit as keyof typeof msPer],
  );
}

/** Events per second of "50/s", "3000/m", "0.5/s". */
export function parseRatePerSec(text: unknown): Parsed {
  return parseWith(
    text,
    ratePattern,
    'a rate with its unit, such as "50/s" or "3000/m"',
    (n, unit) => n / secondsPer[unit as keyof typeof secondsPer],
  );
}

/** Bytes per second of "64KiB/s". Bits are refused: "64kb/s" is an error. */
export function parseBytesPerSec(text: unknown): Parsed {
  return parseWith(
    text,
    speedPattern,
    'bytes per second with their unit, such as "64KiB/s"',
    (n, unit) => n * bytesPer[unit as keyof typeof bytesPer],
  );
}

function parseWith(
  text: unknown,
  pattern: RegExp,
  wanted: string,
  value: (n: number, unit: string) => number,
): Parsed {
  const match = typeof text === 'string' ? pattern.exec(text.trim()) : null;
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined)
    return { ok: false, why: `expected ${wanted}, got ${show(text)}` };
  const number = value(Number(amount), unit);
  return Number.isFinite(number)
    ? { ok: true, value: number }
    : { ok: false, why: `expected ${wanted}, got a number too large to count with` };
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}

/** A duration for people: "850 ms", "12.5 s", "4 min". */
export function formatMs(ms: number): string {
  if (Math.abs(ms) < 1000) return `${trim(ms, Math.abs(ms) < 10 ? 1 : 0)} ms`;
  if (Math.abs(ms) < 120_000) return `${trim(ms / 1000, 2)} s`;
  return `${trim(ms / 60_000, 1)} min`;
}

/** A size for people: "512 B", "64 KiB", "1.5 MiB". */
export function formatBytes(bytes: number): string {
  const units = Object.entries(bytesPer).reverse();
  const [unit, per] = units.find(([, one]) => bytes >= one) ?? ['B', 1];
  return `${trim(bytes / per, 2)} ${unit}`;
}

/** A number with at most this many decimals and without trailing zeros. */
export function trim(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
