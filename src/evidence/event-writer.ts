import type { FileHandle } from 'node:fs/promises';
import type { RunEvent } from './event.ts';

/** Appends events to `events.ndjson`, a line each; whole bunches of lines at a time. */
export interface EventWriter {
  add(event: RunEvent): void;
  /** Hands the lines collected so far to the disk. */
  flush(): void;
  /** Resolves when every flushed line is written or lost. */
  settled(): Promise<void>;
}

/** A writer onto an open file. Nothing here throws: `onLost` hears of the first failure, and nothing follows it. */
export function makeEventWriter(
  file: FileHandle,
  onLost: (why: string, error: unknown) => void,
): EventWriter {
  let lines: string[] = [];
  let isLost = false;
  let queue = Promise.resolve();

  const append = async (text: string): Promise<void> => {
    // After a failed write the file may end in half a line, which must stay the last.
    if (isLost) return;
    try {
      await file.appendFile(text);
    } catch (error) {
      isLost = true;
      onLost('events.ndjson', error);
    }
  };
  return {
    add: (event) => {
      if (!isLost) lines.push(JSON.stringify(event));
    },
    flush: () => {
      if (lines.length === 0) return;
      const text = `${lines.join('\n')}\n`;
      lines = [];
      queue = queue.then(() => append(text));
    },
    settled: () => queue,
  };
}
