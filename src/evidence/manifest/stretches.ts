import { createHash } from 'node:crypto';
import type { Piece } from './manifest-line.ts';

/** Cuts a file that is appended to into stretches, each with a checksum of its own. */
export interface Stretches {
  /** Takes note of a text that was appended, and of the times of the observations in it. */
  add(text: string, timesUs: readonly number[]): void;
  /** What was added since the last time; null for nothing. */
  take(): Piece | null;
}

export function makeStretches(file: string): Stretches {
  let [offset, bytes, rows, fromUs, toUs] = [0, 0, 0, Infinity, -Infinity];
  let hash = createHash('sha256');
  return {
    add: (text, timesUs) => {
      hash.update(text);
      bytes += Buffer.byteLength(text);
      rows += timesUs.length;
      for (const tUs of timesUs) {
        fromUs = Math.min(fromUs, tUs);
        toUs = Math.max(toUs, tUs);
      }
    },
    take: () => {
      if (bytes === 0) return null;
      const piece = { file, offset, bytes, sha256: hash.digest('hex'), rows, from_us: fromUs, to_us: toUs };
      [offset, bytes, rows, fromUs, toUs] = [offset + bytes, 0, 0, Infinity, -Infinity];
      hash = createHash('sha256');
      return piece;
    },
  };
}
