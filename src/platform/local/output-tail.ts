import type { Readable } from 'node:stream';

const keptLines = 100;
const keptLineChars = 2000;

/** The last lines of what a program printed. */
export class OutputTail {
  readonly #lines: string[] = [];

  /** Reads a stream to its end, so that the program never blocks on a full pipe. */
  follow(stream: Readable): void {
    let open = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = (open + text).split('\n');
      open = (lines.pop() ?? '').slice(-keptLineChars);
      for (const line of lines) this.#add(line);
    });
    stream.on('end', () => {
      if (open !== '') this.#add(open);
    });
    stream.on('error', () => undefined);
  }

  /** The last lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }

  #add(line: string): void {
    this.#lines.push(line.trimEnd().slice(0, keptLineChars));
    if (this.#lines.length > keptLines) this.#lines.shift();
  }
}
