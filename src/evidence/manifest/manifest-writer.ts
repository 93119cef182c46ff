import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { manifestName, type Holds, type Piece, sha256 } from './manifest-line.ts';

/** Writes down the checksum of every piece of the recording once it is on the disk. */
export interface ManifestWriter {
  /** Adds a whole file. */
  addFile(file: string, content: string | Uint8Array, holds?: Holds): void;
  addPiece(piece: Piece): void;
  /** Resolves when every line is written or lost. */
  settled(): Promise<void>;
  /** Writes the last line. Resolves when it is on the disk or lost; nothing may be added after it. */
  end(): Promise<void>;
}

/** A writer onto an open file. Nothing here throws: `onLost` hears of the first failure, and nothing follows it. */
export function makeManifestWriter(
  file: Pick<FileHandle, 'appendFile' | 'datasync'>,
  onLost: (why: string, error: unknown) => void,
): ManifestWriter {
  const written = createHash('sha256');
  let isLost = false;
  let queue = Promise.resolve();

  const append = async (line: string): Promise<void> => {
    // After a failed write the file may end in half a line, which must stay the last.
    if (isLost) return;
    try {
      await file.appendFile(line);
    } catch (error) {
      isLost = true;
      onLost(manifestName, error);
    }
  };
  const addPiece = (piece: Piece): void => {
    const line = `${JSON.stringify(piece)}\n`;
    written.update(line);
    queue = queue.then(() => append(line));
  };
  return {
    addPiece,
    addFile: (name, content, holds = {}) =>
      addPiece({
        file: name,
        offset: 0,
        bytes: Buffer.byteLength(content),
        sha256: sha256(content),
        ...holds,
      }),
    settled: () => queue,
    end: async () => {
      const line = `${JSON.stringify({ end: true, sha256: written.digest('hex') })}\n`;
      queue = queue.then(() => append(line)).then(() => file.datasync());
      await queue.catch((error: unknown) => onLost(manifestName, error));
    },
  };
}
