import type { FileHandle } from 'node:fs/promises';
import type { RunEvent } from '../event.ts';
import { shownEvent } from '../shown.ts';
import type { ManifestWriter } from '../manifest/manifest-writer.ts';
import { makeStretches } from '../manifest/stretches.ts';

/** Text that may wait for a slow disk, in memory, before the recording is given up. */
const maxWaitingChars = 64_000_000;

/** The file of the events in a run's folder. */
export const eventsName = 'events.ndjson';

/** Appends events to `events.ndjson`, a line each; whole bunches of lines at a time. */
export interface EventWriter {
  add(event: RunEvent): void;
  /** Hands the lines collected so far to the disk. */
  flush(): void;
  /** Flushes, and adds what was appended since the last time to the manifest. */
  seal(): void;
  /** Resolves when every flushed line is written or lost. */
  settled(): Promise<void>;
}

/** A writer onto an open file. Nothing here throws: `onLost` hears of the first failure, and nothing follows it. */
export function makeEventWriter(
  file: Pick<FileHandle, 'appendFile'>,
  onLost: (why: string, error: unknown) => void,
  manifest: Pick<ManifestWriter, 'addPiece'> | null = null,
): EventWriter {
  const stretches = makeStretches(eventsName);
  let events: RunEvent[] = [];
  let isLost = false;
  let waitingChars = 0;
  let queue = Promise.resolve();

  const lose = (error: unknown): void => {
    isLost = true;
    events = [];
    onLost(eventsName, error);
  };
  const append = async (text: string, timesUs: readonly number[]): Promise<void> => {
    // After a failed write the file may end in half a line, which must stay the last.
    if (isLost) return;
    try {
      await file.appendFile(text);
      stretches.add(text, timesUs);
    } catch (error) {
      lose(error);
    }
    waitingChars -= text.length;
  };
  const flush = (): void => {
    if (events.length === 0) return;
    const text = `${events.map((event) => JSON.stringify(event)).join('\n')}\n`;
    const timesUs = events.map((event) => event.t_us);
    events = [];
    waitingChars += text.length;
    if (waitingChars > maxWaitingChars) lose(new Error('the disk is too slow'));
    queue = queue.then(() => append(text, timesUs));
  };
  return {
    add: (event) => {
      if (!isLost) events.push(shownEvent(event));
    },
    flush,
    seal: () => {
      flush();
      queue = queue.then(() => {
        const piece = stretches.take();
        if (piece !== null) manifest?.addPiece(piece);
      });
    },
    settled: () => queue,
  };
}
