import { z } from 'zod';

/**
 * A value in the form of the file that its shape describes. Types are held and codecs run backwards, but no check
 * runs: what was put together from several files may be more than one file may say, and is written all the same.
 */
export function writeShape<S extends z.ZodType>(shape: S, value: z.output<S>): z.input<S> {
  const withoutChecks: object = { skipChecks: true };
  return z.encode(shape, value, withoutChecks);
}
