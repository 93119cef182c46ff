import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { runEvent, type RunEvent } from '../event.ts';
import type { Loss } from '../evidence.ts';
import { lossOfPiece, lostWords } from '../manifest/lost-words.ts';
import type { Manifest } from '../manifest/read-manifest.ts';
import { sha256 } from '../manifest/manifest-line.ts';
import { eventsName } from './event-writer.ts';

/** What was read of the events. */
export interface ReadEvents {
  /** In the order of their lines. */
  readonly events: RunEvent[];
  /** What could not be read or verified, in words. */
  readonly gaps: readonly string[];
  readonly losses: readonly Loss[];
}

/** All events of the stretches that are as they were written. */
export async function readEvents(folder: string, manifest: Manifest): Promise<ReadEvents> {
  const file = await open(join(folder, eventsName)).catch(() => null);
  if (file === null)
    return {
      events: [],
      gaps: [`${eventsName} is missing`],
      losses: [lossOfPiece('events', undefined)],
    };
  const read: Reading = { events: [], gaps: [], losses: [] };
  let end = 0;
  try {
    for (const piece of manifest.piecesOf(eventsName)) {
      const bytes = await bytesAt(file, piece.offset, piece.bytes);
      end = Math.max(end, piece.offset + piece.bytes);
      if (sha256(bytes) === piece.sha256) addLines(read, bytes, 'verified');
      else {
        read.gaps.push(`${eventsName} is damaged at byte ${piece.offset}${lostWords(piece, 'event')}`);
        read.losses.push(lossOfPiece('events', piece));
      }
    }
    const { size } = await file.stat();
    if (size > end) addTail(read, await bytesAt(file, end, size - end), manifest.isWhole);
  } finally {
    await file.close();
  }
  return read;
}

interface Reading {
  readonly events: RunEvent[];
  readonly gaps: string[];
  readonly losses: Loss[];
}

/** What comes behind the last stretch that has a checksum: it was appended just before the run was cut off. */
function addTail(read: Reading, bytes: Buffer, isWhole: boolean): void {
  if (isWhole) {
    read.gaps.push(`${eventsName} has ${bytes.length} bytes at its end that are not of this recording`);
    return;
  }
  const before = read.events.length;
  addLines(read, bytes, 'unverified');
  const count = read.events.length - before;
  if (count > 0)
    read.gaps.push(
      `${eventsName}: the last ${count === 1 ? 'event is' : `${count} events are`} not verified`,
    );
}

function addLines({ events, gaps, losses }: Reading, bytes: Buffer, how: 'verified' | 'unverified'): void {
  const lines = bytes.toString('utf8').split('\n');
  const half = lines.pop();
  let bad = 0;
  for (const line of lines) {
    const event = eventOf(line);
    if (event === null) bad += 1;
    else events.push(event);
  }
  if (bad > 0) {
    gaps.push(`${eventsName} has ${bad === 1 ? 'a line' : `${bad} lines`} that can't be read`);
    losses.push(lossOfPiece('events', undefined));
  }
  if (half !== '' && how === 'unverified')
    gaps.push(`${eventsName} ends in half a line: the run was cut off`);
}

function eventOf(line: string): RunEvent | null {
  try {
    return runEvent.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** As many bytes as there are, up to `length`. */
async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
  await file.read(bytes, 0, bytes.length, offset);
  return bytes;
}
