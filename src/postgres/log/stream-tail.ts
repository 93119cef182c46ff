import type { Readable } from 'node:stream';
import type { LogTail } from '../file-tail.ts';

/** Reads the lines of a stream as they come. When it ends by itself, what it has said is read and no more comes. */
export function openStreamTail(stream: Readable): LogTail {
  const lines: string[] = [];
  let rest = '';
  let failure: Error | null = null;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  stream.on('error', (error: Error) => (failure ??= error));
  return {
    readLines: () => {
      const read = lines.splice(0);
      return failure !== null && read.length === 0 ? Promise.reject(failure) : Promise.resolve(read);
    },
    close: () => {
      stream.destroy();
      return Promise.resolve(rest);
    },
  };
}
