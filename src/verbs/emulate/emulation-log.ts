import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, messageOf } from '../../base/errors.ts';
import { makeEventWriter } from '../../evidence/events/event-writer.ts';
import type { RunEvent } from '../../evidence/event.ts';
import type { OutputLine } from '../../platform/platform.ts';

const flushEveryMs = 500;

/** What an emulation leaves: `events.ndjson`, and all that instances printed in `output.log`. */
export interface EmulationLog {
  event(event: RunEvent): void;
  output(line: OutputLine): void;
  close(): Promise<void>;
}

/** Opens both files in a folder that is made. Throws `EnvironmentError` when it can't be. */
export async function openEmulationLog(
  folder: string,
  onWarning: (text: string) => void,
): Promise<EmulationLog> {
  const [events, output] = await openFiles(folder);
  const warn = (what: string, error: unknown): void =>
    onWarning(`${what} can't be written any more: ${messageOf(error)}`);
  const writer = makeEventWriter(events, warn);
  const printed = output.createWriteStream();
  printed.on('error', (error) => warn('output.log', error));
  const timer = setInterval(() => writer.flush(), flushEveryMs);
  return {
    event: (event) => writer.add(event),
    output: ({ instance, container, stream, text }) =>
      void printed.write(`${instance} ${container} ${stream}: ${text}\n`),
    close: async () => {
      clearInterval(timer);
      writer.flush();
      await writer.settled();
      await new Promise<void>((closed) => printed.end(() => closed()));
      await events.close();
    },
  };
}

async function openFiles(
  folder: string,
): Promise<[Awaited<ReturnType<typeof open>>, Awaited<ReturnType<typeof open>>]> {
  try {
    await mkdir(folder, { recursive: true });
    return [await open(join(folder, 'events.ndjson'), 'w'), await open(join(folder, 'output.log'), 'w')];
  } catch (error) {
    throw new EnvironmentError([{ message: `can't write to ${folder}: ${messageOf(error)}` }]);
  }
}
