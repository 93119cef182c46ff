import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Which rows or events a piece of the recording holds: what is missing when it is damaged. */
const holds = {
  rows: z.int().exactOptional(),
  /** Time of the first and of the last of them, microseconds since the run's origin. */
  from_us: z.number().exactOptional(),
  to_us: z.number().exactOptional(),
};

/** A file that is closed, or a stretch of one that is appended to. Nothing may change it from here on. */
export const pieceLine = z.object({
  file: z.string(),
  /** Where the piece begins in its file. */
  offset: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  ...holds,
});

/** The last line: nothing more was recorded. `sha256` is that of all the lines before it. */
export const endLine = z.object({ end: z.literal(true), sha256: z.string() });

/** A line of `manifest.ndjson`, written once its piece is on the disk, so that a crash leaves no false line. */
export const manifestLine = z.union([pieceLine, endLine]);

export type Piece = z.infer<typeof pieceLine>;

/** What a piece holds, in its own words. */
export type Holds = Pick<Piece, 'rows' | 'from_us' | 'to_us'>;

/** The file of the manifest itself. */
export const manifestName = 'manifest.ndjson';

/** SHA-256 in hexadecimal digits. A thousand times faster than a run writes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
