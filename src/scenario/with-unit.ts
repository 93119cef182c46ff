import { z } from 'zod';
import {
  durationPattern,
  parseBytesPerSec,
  parseDurationMs,
  parseRatePerSec,
  ratePattern,
  speedPattern,
  type Parsed,
} from '../base/units.ts';

/** A duration in the file, milliseconds in the scenario. */
export const durationMs = withUnit(
  parseDurationMs,
  durationPattern,
  'A duration with its unit: "250ms", "10s".',
);

/** The same, but not 0. */
export const positiveMs = durationMs.refine((ms) => ms > 0, 'must be more than 0');

/** A rate in the file, events per second in the scenario. */
export const ratePerSec = withUnit(parseRatePerSec, ratePattern, 'A rate with its unit: "50/s", "3000/m".');

/** A speed in the file, bytes per second in the scenario. */
export const bytesPerSec = withUnit(
  parseBytesPerSec,
  speedPattern,
  'Bytes per second with their unit: "64KiB/s", "2MiB/s".',
);

/** Text on the outside, so that a bare number is refused with the reason, and so that editors know the pattern. */
function withUnit(
  parse: (text: unknown) => Parsed,
  pattern: RegExp,
  description: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> {
  const why = (given: unknown): string => {
    const parsed = parse(given);
    return parsed.ok ? '' : parsed.why;
  };
  const text = z
    .string({ error: (issue) => (issue.input === undefined ? undefined : why(issue.input)) })
    .meta({ pattern: pattern.source, description });
  return text.pipe(
    z.transform((given: string, context) => {
      const parsed = parse(given);
      if (parsed.ok) return parsed.value;
      context.issues.push({ code: 'custom', message: parsed.why, input: given });
      return z.NEVER;
    }),
  );
}
