import { join } from 'node:path';
import { encodePart } from './part-encoding.ts';
import { writeWhole } from './run-files.ts';
import type { Table } from './table.ts';

/** A part is closed at the latest with this many rows. */
const maxPartRows = 10_000;

/** Rows that may wait for a slow disk, in memory, before the recording is given up. */
const maxWaitingRows = 500_000;

/** Collects rows and stores them in numbered parts, each a whole file from the moment it has its name. */
export interface PartWriter<Row> {
  add(rows: readonly Row[]): void;
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
): PartWriter<Row> {
  let open: Row[] = [];
  let number = 0;
  let waitingRows = 0;
  let isLost = false;
  let queue = Promise.resolve();

  const lose = (why: string, error: unknown): void => {
    isLost = true;
    open = [];
    onLost(why, error);
  };
  const store = async (name: string, rows: readonly Row[]): Promise<void> => {
    if (isLost) return;
    try {
      await writeWhole(join(folder, name), await encodePart(table, rows));
    } catch (error) {
      lose(name, error);
    }
    waitingRows -= rows.length;
  };
  const seal = (): void => {
    if (open.length === 0) return;
    const rows = open;
    open = [];
    number += 1;
    waitingRows += rows.length;
    const name = `${table.name}/part-${String(number).padStart(5, '0')}.parquet`;
    if (waitingRows > maxWaitingRows) lose(name, new Error('the disk is too slow'));
    queue = queue.then(() => store(name, rows));
  };
  return {
    add: (rows) => {
      if (isLost) return;
      for (const row of rows) open.push(row);
      if (open.length >= maxPartRows) seal();
    },
    seal,
    settled: () => queue,
  };
}
