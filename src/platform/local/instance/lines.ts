import type { Readable } from 'node:stream';
import { shownSaid } from '../../../base/secrets/secrets.ts';

/** What is kept of one line; the rest of a longer one is left out. */
const keptChars = 16 * 1024;

/**
 * Reads a stream line by line to its end, so that the program behind it never blocks on a full pipe. A line is whole
 * before secrets are looked for, however many chunks it came in.
 */
export function followLines(stream: Readable, onLine: (line: string) => void): void {
  let open = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const [first = '', ...others] = text.split('\n');
    open = joined(open, first);
    for (const line of others) {
      onLine(shownSaid(open.trimEnd()));
      open = joined('', line);
    }
  });
  stream.on('end', () => {
    if (open !== '') onLine(shownSaid(open.trimEnd()));
  });
  stream.on('error', () => undefined);
}

function joined(open: string, more: string): string {
  return open.length >= keptChars ? open : (open + more).slice(0, keptChars);
}
