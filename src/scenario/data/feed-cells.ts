import type { FeedCells } from './feed.ts';

/** Takes cells as they are read, one after the other. */
export interface CellWriter {
  add(text: string): void;
  /** All of them, in shared memory. */
  finish(): FeedCells;
}

/** The most bytes of UTF-8 that a UTF-16 unit takes. */
const widest = 3;

/** Collects cells in buffers that double, so that millions of rows do not become millions of strings. */
export function makeCells(): CellWriter {
  let bytes = Buffer.alloc(4096);
  let ends = new Uint32Array(256);
  let length = 0;
  let count = 0;
  return {
    add: (text) => {
      const most = length + widest * text.length;
      if (most > bytes.length) bytes = Buffer.concat([bytes], Math.max(most, 2 * bytes.length));
      if (count === ends.length) ends = widened(ends);
      length += bytes.write(text, length, 'utf8');
      ends[count] = length;
      count += 1;
    },
    finish: () => {
      const shared = {
        bytes: new Uint8Array(new SharedArrayBuffer(length)),
        ends: new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT)),
      };
      shared.bytes.set(bytes.subarray(0, length));
      shared.ends.set(ends.subarray(0, count));
      return shared;
    },
  };
}

function widened(full: Uint32Array): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(2 * full.length);
  wider.set(full);
  return wider;
}
