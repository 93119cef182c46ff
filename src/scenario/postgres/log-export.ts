import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { LogExport } from './postgres-target.ts';
import { durationMs } from '../with-unit.ts';

/** `postgres.log:`, an export of the server's log that somebody else writes. */
export const logExportFile = z.strictObject({
  file: z
    .string()
    .min(1, 'must not be empty')
    .describe('Entries of Cloud Logging, as JSON lines or an array.'),
  wait: durationMs.optional().describe('How long to wait for what the server logged last; 0s unless given.'),
});

/** The export, with its file absolute. */
export function logExportOf(
  given: z.output<typeof logExportFile> | undefined,
  cwd: string,
): { readonly logExport?: LogExport } {
  if (given === undefined) return {};
  const file = isAbsolute(given.file) ? given.file : join(cwd, given.file);
  return { logExport: { file, waitMs: given.wait ?? 0 } };
}
