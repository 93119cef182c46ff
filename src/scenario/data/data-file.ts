import { z } from 'zod';
import { picks } from './feed.ts';

const feedFile = z.strictObject({
  file: z
    .string()
    .regex(/\.(?:csv|jsonl|ndjson)$/i, 'must end in .csv, .jsonl or .ndjson')
    .describe('CSV with a header row, or JSON lines: one object a line.'),
  pick: z
    .enum(picks, `must be ${picks.slice(0, -1).join(', ')} or ${picks.at(-1) ?? ''}`)
    .optional()
    .describe(
      'Which row an arrival gets: any, the next of its route, or that and starting over. random unless given.',
    ),
});

/** `data:` as it stands in the file: feeds by their names, which stand in `${data.NAME.COLUMN}`. */
export const dataFile = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be letters, digits, "_" and "-"'),
  feedFile,
);

export type DataInFile = z.output<typeof dataFile>;
