import { open, type FileHandle } from 'node:fs/promises';

const chunkBytes = 256 * 1024;

/** A log that grows, read line by line. */
export interface LogTail {
  /** The lines completed since the last call. Rejects when the log is out of reach for good. */
  readLines(): Promise<readonly string[]>;
  /** Lets go; returns the unfinished line at its end. */
  close(): Promise<string>;
}

/**
 * The tail of a file that another process appends to, from its start. Nothing is opened yet: the file may appear
 * later. It is never expected to be replaced or cut.
 */
export function openFileTail(file: string): LogTail {
  const buffer = Buffer.alloc(chunkBytes);
  const decoder = new TextDecoder();
  let handle: FileHandle | null = null;
  let rest = '';
  return {
    readLines: async () => {
      handle ??= await openIfThere(file);
      const lines: string[] = [];
      for (let bytes = await readInto(handle, buffer); bytes > 0; bytes = await readInto(handle, buffer)) {
        const parts = (rest + decoder.decode(buffer.subarray(0, bytes), { stream: true })).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts);
      }
      return lines;
    },
    close: async () => {
      await handle?.close();
      handle = null;
      return rest;
    },
  };
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function readInto(handle: FileHandle | null, buffer: Buffer): Promise<number> {
  return handle === null ? 0 : (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
}
