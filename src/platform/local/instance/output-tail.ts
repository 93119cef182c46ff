import type { Readable } from 'node:stream';
import { followLines } from './lines.ts';

const keptLines = 100;
const keptLineChars = 2000;

/** The last lines of what a program printed. */
export class OutputTail {
  readonly #lines: string[] = [];

  /** Reads a stream to its end, so that the program never blocks on a full pipe. */
  follow(stream: Readable): void {
    followLines(stream, (line) => this.add(line));
  }

  add(line: string): void {
    this.#lines.push(line.slice(0, keptLineChars));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  /** The last lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }
}
