import { z } from 'zod';
import { positiveMs } from './with-unit.ts';

/** `client:` as it stands in the file. */
export const clientFile = z.strictObject({
  timeout: positiveMs.optional().describe('An attempt is given up after this long.'),
  deadline: positiveMs.optional().describe('An answer later than this is worth nothing.'),
  retry: z.literal('none', 'must be none').optional(),
});

export type ClientInFile = z.output<typeof clientFile>;
