import type { FileHandle } from 'node:fs/promises';
import type { RunEvent } from '../event.ts';

/** Text that may wait for a slow disk, in memory, before the recording is given up. */
const maxWaitingChars = 64_000_000;

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
  file: Pick<FileHandle, 'appendFile'>,
  onLost: (why: string, error: unknown) => void,
): EventWriter {
  let lines: string[] = [];
  let isLost = false;
  let waitingChars = 0;
  let queue = Promise.resolve();

  const lose = (error: unknown): void => {
    isLost = true;
    lines = [];
    onLost('events.ndjson', error);
  };
  const append = async (text: string): Promise<void> => {
    // After a failed write the file may end in half a line, which must stay the last.
    if (isLost) return;
    try {
      await file.appendFile(text);
    } catch (error) {
      lose(error);
    }
    waitingChars -= text.length;
  };
  return {
    add: (event) => {
      if (!isLost) lines.push(JSON.stringify(event));
    },
    flush: () => {
      if (lines.length === 0) return;
      const text = `${lines.join('\n')}\n`;
      lines = [];
      waitingChars += text.length;
      if (waitingChars > maxWaitingChars) lose(new Error('the disk is too slow'));
      queue = queue.then(() => append(text));
    },
    settled: () => queue,
  };
}
