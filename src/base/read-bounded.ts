import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { devNull } from 'node:os';
import { formatBytes } from './units.ts';

/**
 * Reads a file of at most `mostBytes`. Throws for a larger one, and for whatever is no regular file: a device has no
 * end, and opening a pipe would wait for somebody to write. (The null device is an empty file to many.)
 */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) throw new Error('it is a folder');
    if (!stat.isFile() && path !== devNull) throw new Error('it is no regular file');
    if (stat.size > mostBytes) throw tooLarge(mostBytes);
    return await readWhole(file, stat.size, mostBytes);
  } finally {
    await file.close();
  }
}

/** The size is a first guess: files in /proc say 0, and a file may grow while it is read. */
async function readWhole(file: FileHandle, size: number, mostBytes: number): Promise<Buffer> {
  let buffer = Buffer.alloc(Math.max(size + 1, 4096));
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > mostBytes) throw tooLarge(mostBytes);
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(length)]);
  }
}

function tooLarge(mostBytes: number): Error {
  return new Error(`it is larger than ${formatBytes(mostBytes)}`);
}
