import { z } from 'zod';
import { parseRatePerSec, ratePattern } from '../../base/units.ts';
import { digitsOf } from '../language/with-unit.ts';

/** A rate of a phase: events per second, or a multiple of what the service was measured to do. */
export interface RateInFile {
  readonly value: number;
  readonly ofCapacity: boolean;
}

const multiplePattern = /^(\d+(?:\.\d+)?)\s*x\s*capacity$/;

const text = z
  .string({ error: (issue) => (issue.input === undefined ? undefined : whyNot(issue.input)) })
  .meta({
    pattern: `${ratePattern.source}|${multiplePattern.source}`,
    description:
      'A rate with its unit: "50/s", "3000/m"; or a multiple of what calibrate measures: "3x capacity".',
    examples: ['50/s', '3x capacity'],
  });

/** `50/s`, `3000/m`, or `3x capacity`. */
export const phaseRate = z.codec(text, z.custom<RateInFile>(), {
  decode: (given, context) => {
    const multiple = multiplePattern.exec(given.trim())?.[1];
    if (multiple !== undefined) return { value: Number(multiple), ofCapacity: true };
    const parsed = parseRatePerSec(given);
    if (parsed.ok) return { value: parsed.value, ofCapacity: false };
    context.issues.push({ code: 'custom', message: parsed.why, input: given });
    return z.NEVER;
  },
  encode: writeRate,
});

/** A rate in the language of the file, with all its digits: a rounded one would be another schedule. */
export function writeRate({ value, ofCapacity }: RateInFile): string {
  return `${digitsOf(value)}${ofCapacity ? 'x capacity' : '/s'}`;
}

function whyNot(given: unknown): string {
  const parsed = parseRatePerSec(given);
  return parsed.ok ? '' : parsed.why;
}
