import { z } from 'zod';
import {
  durationPattern,
  parseBytesPerSec,
  parseDurationMs,
  parseRatePerSec,
  ratePattern,
  speedPattern,
  type Parsed,
} from '../../base/units.ts';

/** A quantity with its unit in the file, a number in the scenario; written back with all its digits. */
export type WithUnit = z.ZodCodec<z.ZodString, z.ZodNumber>;

/** A duration in the file, milliseconds in the scenario. */
export const durationMs = withUnit('ms', {
  parse: parseDurationMs,
  pattern: durationPattern,
  description: 'A duration with its unit: "250ms", "10s".',
  example: '250ms',
});

/** The same, but not 0. */
export const positiveMs = durationMs.refine((ms) => ms > 0, 'must be more than 0');

/** A rate in the file, events per second in the scenario. */
export const ratePerSec = withUnit('/s', {
  parse: parseRatePerSec,
  pattern: ratePattern,
  description: 'A rate with its unit: "50/s", "3000/m".',
  example: '50/s',
});

/** A speed in the file, bytes per second in the scenario. */
export const bytesPerSec = withUnit('B/s', {
  parse: parseBytesPerSec,
  pattern: speedPattern,
  description: 'Bytes per second with their unit: "64KiB/s", "2MiB/s".',
  example: '64KiB/s',
});

interface Quantity {
  readonly parse: (text: unknown) => Parsed;
  readonly pattern: RegExp;
  readonly description: string;
  readonly example: string;
}

/** Text on the outside, so that a bare number is refused with the reason, and so that editors know the pattern. */
function withUnit(unit: string, { parse, pattern, description, example }: Quantity): WithUnit {
  const why = (given: unknown): string => {
    const parsed = parse(given);
    return parsed.ok ? '' : parsed.why;
  };
  const text = z
    .string({ error: (issue) => (issue.input === undefined ? undefined : why(issue.input)) })
    .meta({ pattern: pattern.source, description, examples: [example] });
  return z.codec(text, z.number(), {
    decode: (given, context) => {
      const parsed = parse(given);
      if (parsed.ok) return parsed.value;
      context.issues.push({ code: 'custom', message: parsed.why, input: given });
      return z.NEVER;
    },
    encode: (value) => `${digitsOf(value)}${unit}`,
  });
}

/** The language has no exponents; 30 decimals keep 17 digits of anything that it can say. */
export function digitsOf(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(30) : text;
}
