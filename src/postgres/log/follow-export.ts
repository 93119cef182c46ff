import { sleep } from '../../base/deadline.ts';
import { messageOf } from '../../base/errors.ts';
import { readBounded } from '../../base/read-bounded.ts';
import type { LogLine } from '../log-line.ts';
import type { LogSource } from '../postgres-server.ts';
import { readCloudLogging } from './cloud-logging.ts';
import { readExport, type ExportedLines } from './read-export.ts';

/** What following an export needs. */
export interface ExportOrders {
  readonly source: Extract<LogSource, { readonly kind: 'export' }>;
  readonly understand: (text: string) => LogLine | null | undefined;
  /** The server's clock, now. */
  readonly serverNowUs: () => number;
  readonly onLine: (line: LogLine) => void;
  /** Ends the waiting for what the server logged last. */
  readonly signal: AbortSignal;
}

/** An export that will be read when the run is over. */
export interface FollowedExport {
  gap(): string | null;
  stop(): Promise<void>;
}

const lookEveryMs = 1000;

/** It is held as a text, beside what was read from it. */
const mostBytes = 200 * 1024 * 1024;

/** The file is somebody else's to write, and may only be there when the run is over. */
export function followExport({
  source: { path, waitMs, instance },
  understand,
  serverNowUs,
  onLine,
  signal,
}: ExportOrders): FollowedExport {
  const fromUs = serverNowUs();
  let gap: string | null = 'the exported log was not read';
  return {
    gap: () => gap,
    stop: async () => {
      const window = { fromUs, toUs: serverNowUs() };
      const read = async (): Promise<ExportedLines> =>
        readExport(readCloudLogging(await readLog(path)), understand, window, instance);
      const orNothing = (error: unknown): ExportedLines => ({
        lines: [],
        isAtEnd: false,
        gap: `the exported log can't be read: ${messageOf(error)}`,
      });
      let found = await read().catch(orNothing);
      for (let waited = 0; !found.isAtEnd && waited < waitMs && !signal.aborted; waited += lookEveryMs) {
        await sleep(lookEveryMs, signal);
        found = await read().catch(orNothing);
      }
      for (const line of found.lines) onLine(line);
      gap = found.gap;
    },
  };
}

async function readLog(path: string): Promise<string> {
  return (await readBounded(path, mostBytes)).toString('utf8');
}
