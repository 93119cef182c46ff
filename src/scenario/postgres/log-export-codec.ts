import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { durationMs } from '../language/with-unit.ts';
import type { LogExport } from './postgres-target.ts';

/** `postgres.log:`, an export of the server's log that something else writes. */
export const logExportShape = z.strictObject({
  file: z
    .string()
    .min(1, 'must not be empty')
    .describe('Entries of Cloud Logging, as JSON lines or an array.')
    .meta({ examples: ['./cloud-sql-log.json'] }),
  wait: durationMs
    .optional()
    .describe('How long to wait for what the server logged last. Default: 0s.')
    .meta({ examples: ['2m'] }),
});

type LogExportInFile = z.output<typeof logExportShape>;

/** The export, with its file absolute: below `cwd` unless it is so already. */
export function makeLogExport({ file, wait = 0 }: LogExportInFile, cwd: string): LogExport {
  return { file: isAbsolute(file) ? file : join(cwd, file), waitMs: wait };
}

/** The inverse of `makeLogExport`. */
export function writeLogExport(log: LogExport | undefined): LogExportInFile | undefined {
  return log === undefined ? undefined : { file: log.file, wait: log.waitMs };
}
