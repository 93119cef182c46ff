import { join } from 'node:path';
import type { Holds } from '../manifest/manifest-line.ts';
import type { ManifestWriter } from '../manifest/manifest-writer.ts';
import type { Block } from './block.ts';
import { writeWhole } from '../run-files.ts';
import { columnsOf, partName, type Table } from './table.ts';

/** A part is closed at the latest with this many rows. */
const maxPartRows = 10_000;

/** Rows that may wait for a slow disk, in memory, before the recording is given up. */
const maxWaitingRows = 500_000;

/** Collects blocks of rows and stores them in numbered parts, each a whole file from the moment it has its name. */
export interface PartWriter {
  add(block: Block): void;
  /** Stores what has been collected as a part of its own. */
  seal(): void;
  /** Resolves when every sealed part is on the disk or lost. */
  settled(): Promise<void>;
}

/** Where parts go: files under the run's folder, and a line in its manifest for each that is on the disk. */
export interface PartPlace {
  readonly folder: string;
  readonly manifest: ManifestWriter;
  readonly onLost: (why: string, error: unknown) => void;
}

/** A writer for one table. Nothing here throws: `onLost` hears of the first failure. */
export function makePartWriter<Row>({ folder, manifest, onLost }: PartPlace, table: Table<Row>): PartWriter {
  let open: Block[] = [];
  let openRows = 0;
  let number = 0;
  let waitingRows = 0;
  let isLost = false;
  let queue = Promise.resolve();

  const lose = (why: string, error: unknown): void => {
    isLost = true;
    open = [];
    openRows = 0;
    onLost(why, error);
  };
  const store = async (name: string, blocks: readonly Block[], rows: number): Promise<void> => {
    if (isLost) return;
    try {
      const { encodePart } = await import('./part-encoding.ts');
      const part = await encodePart(table, blocks);
      await writeWhole(join(folder, name), part);
      manifest.addFile(name, part, { rows, ...spanOf(table, blocks) });
    } catch (error) {
      lose(name, error);
    }
    for (const block of blocks) block.free?.();
    waitingRows -= rows;
  };
  const seal = (): void => {
    if (openRows === 0) return;
    const [blocks, rows] = [open, openRows];
    open = [];
    openRows = 0;
    number += 1;
    waitingRows += rows;
    const name = partName(table.name, number);
    if (waitingRows > maxWaitingRows) lose(name, new Error('the disk is too slow'));
    queue = queue.then(() => store(name, blocks, rows));
  };
  return {
    add: (block) => {
      if (isLost) return;
      open.push(block);
      openRows += block.count;
      if (openRows >= maxPartRows) seal();
    },
    seal,
    settled: () => queue,
  };
}

/** When the first and the last of these rows were. */
function spanOf<Row>(table: Table<Row>, blocks: readonly Block[]): Holds {
  const column = columnsOf(table).findIndex(([property]) => property === table.time);
  let [fromUs, toUs] = [Infinity, -Infinity];
  for (const { count, numbers } of blocks)
    for (const tUs of numbers.subarray(column * count, (column + 1) * count)) {
      fromUs = Math.min(fromUs, tUs);
      toUs = Math.max(toUs, tUs);
    }
  return { from_us: Math.round(fromUs), to_us: Math.round(toUs) };
}
