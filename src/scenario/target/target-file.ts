import { z } from 'zod';
import { label, localFile } from './local-file.ts';

/** `target:`, one of its places. */
export const targetFile = z.strictObject({
  local: localFile.optional().describe('Runs the service here, under the emulator.'),
  url: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Where the service already answers, such as http://127.0.0.1:8080.'),
  name: label
    .optional()
    .describe('Which of the contract’s services answers at "url", where several are declared.'),
});

export type TargetInFile = z.output<typeof targetFile>;
