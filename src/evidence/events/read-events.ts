import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { runEvent, type RunEvent } from '../event.ts';

/** All events in the order of their lines, and what could not be read, in words. */
export async function readEvents(
  folder: string,
): Promise<{ readonly events: RunEvent[]; readonly gaps: readonly string[] }> {
  const file = await open(join(folder, 'events.ndjson')).catch(() => null);
  if (file === null) return { events: [], gaps: ['events.ndjson is missing'] };
  const events: RunEvent[] = [];
  const bad: number[] = [];
  let lines = 0;
  for await (const line of file.readLines()) {
    lines += 1;
    const event = eventOf(line);
    if (event === null) bad.push(lines);
    else events.push(event);
  }
  return { events, gaps: gapsOf(bad, lines) };
}

function eventOf(line: string): RunEvent | null {
  try {
    return runEvent.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function gapsOf(bad: readonly number[], lines: number): readonly string[] {
  const endsBadly = bad.at(-1) === lines;
  const within = endsBadly ? bad.slice(0, -1) : bad;
  return [
    ...(within.length === 0
      ? []
      : [
          `events.ndjson has ${within.length} lines that can't be read, the first of them line ${within[0] ?? 0}`,
        ]),
    ...(endsBadly ? [`events.ndjson ends in half a line: the run was cut off`] : []),
  ];
}
