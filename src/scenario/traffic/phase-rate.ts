import { z } from 'zod';
import { parseRatePerSec, ratePattern, trim } from '../../base/units.ts';

/** A rate of a phase: events per second, or so many times what the service was measured to do. */
export interface RateInFile {
  readonly value: number;
  readonly ofCapacity: boolean;
}

const multiplePattern = /^(\d+(?:\.\d+)?)\s*x\s*capacity$/;

/** `50/s`, `3000/m`, or `3x capacity`. */
export const phaseRate = z
  .string({ error: (issue) => (issue.input === undefined ? undefined : whyNot(issue.input)) })
  .meta({
    pattern: `${ratePattern.source}|${multiplePattern.source}`,
    description: 'A rate with its unit: "50/s", "3000/m"; or of what calibrate measures: "3x capacity".',
  })
  .pipe(
    z.transform((given: string, context): RateInFile => {
      const multiple = multiplePattern.exec(given.trim())?.[1];
      if (multiple !== undefined) return { value: Number(multiple), ofCapacity: true };
      const parsed = parseRatePerSec(given);
      if (parsed.ok) return { value: parsed.value, ofCapacity: false };
      context.issues.push({ code: 'custom', message: parsed.why, input: given });
      return z.NEVER;
    }),
  );

function whyNot(given: unknown): string {
  const parsed = parseRatePerSec(given);
  return parsed.ok ? '' : parsed.why;
}

/** `3x capacity`, all digits. */
export function multipleWords(times: number): string {
  return `${trim(times, 6)}x capacity`;
}
