import { z } from 'zod';
import { picks, type Feeds } from './feed.ts';

const feedShape = z.strictObject({
  file: z
    .string()
    .regex(/\.(?:csv|jsonl|ndjson)$/i, 'must end in .csv, .jsonl or .ndjson')
    .describe('CSV with a header row, or JSON lines: one object per line.')
    .meta({ examples: ['items.csv'] }),
  pick: z
    .enum(picks, `must be ${picks.slice(0, -1).join(', ')} or ${picks.at(-1) ?? ''}`)
    .optional()
    .describe(
      'Which row an arrival gets: any, the next one of its request, or the next one starting over. Default: random.',
    )
    .meta({ examples: ['circular'] }),
});

/** `data:` as it stands in the file: feeds by their names, which stand in `${data.NAME.COLUMN}`. */
export const dataShape = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'must be letters, digits, "_" and "-"'),
  feedShape,
);

export type DataInFile = z.output<typeof dataShape>;
export type FeedInFile = z.output<typeof feedShape>;

/** How a feed is picked from. `loadData` fills the rest of it from its file. */
export function pickOf({ pick }: FeedInFile): NonNullable<FeedInFile['pick']> {
  return pick ?? 'random';
}

/** What was said of the feeds, every default written out. */
export function writeData(feeds: Feeds): DataInFile {
  return Object.fromEntries(Object.entries(feeds).map(([name, { file, pick }]) => [name, { file, pick }]));
}
