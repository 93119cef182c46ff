import { join } from 'node:path';
import type { Block } from './block.ts';
import { writeWhole } from '../run-files.ts';
import type { Table } from './table.ts';

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

/** A writer for one table under the run's folder. Nothing here throws: `onLost` hears of the first failure. */
export function makePartWriter<Row>(
  folder: string,
  table: Table<Row>,
  onLost: (why: string, error: unknown) => void,
): PartWriter {
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
      await writeWhole(join(folder, name), await encodePart(table, blocks));
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
    const name = `${table.name}/part-${String(number).padStart(5, '0')}.parquet`;
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
