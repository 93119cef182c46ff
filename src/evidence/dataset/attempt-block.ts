import { attemptTable } from './attempt-table.ts';
import type { Attempt } from '../attempt.ts';
import { OpenBlock, rowsIn, type Block, type Blocks } from './block.ts';
import { columnsOf } from './table.ts';

/** Attempts by column, on their way from a lane to the disk. */
export type AttemptBlock = Block;

/**
 * Blocks of attempts, filled by the lane that made them. Written out cell by cell in the order of the table's
 * columns: a loop over them takes three times as long, and this is done for every request.
 */
export function makeAttemptBlocks(capacity: number): Blocks<Attempt> {
  const open = new OpenBlock(columnsOf(attemptTable).length, capacity);
  const { cells } = open;
  return {
    add: (attempt) => {
      let at = open.next();
      cells[at] = attempt.arrival;
      cells[(at += capacity)] = attempt.attempt;
      cells[(at += capacity)] = attempt.client;
      cells[(at += capacity)] = open.placeOf(attempt.route);
      cells[(at += capacity)] = open.placeOf(attempt.phase);
      cells[(at += capacity)] = attempt.intendedUs;
      cells[(at += capacity)] = attempt.sentUs;
      cells[(at += capacity)] = attempt.endedUs ?? NaN;
      cells[(at += capacity)] = attempt.status ?? NaN;
      cells[(at += capacity)] = open.placeOf(attempt.outcome);
      cells[(at += capacity)] = open.placeOf(attempt.errorCode);
      cells[(at += capacity)] = open.placeOf(attempt.sqlstate);
      cells[(at += capacity)] = attempt.retryAfterMs ?? NaN;
      cells[(at += capacity)] = open.placeOf(attempt.instance);
      cells[(at += capacity)] = open.placeOf(attempt.revision);
      cells[(at += capacity)] = attempt.receivedUs ?? NaN;
      cells[(at += capacity)] = attempt.acquireUs ?? NaN;
      cells[(at += capacity)] = attempt.connectUs ?? NaN;
      cells[(at += capacity)] = attempt.ownUs ?? NaN;
      cells[(at += capacity)] = attempt.bodyValid === null ? NaN : Number(attempt.bodyValid);
      cells[at + capacity] = attempt.bytes;
      return open.isFull;
    },
    take: () => open.take(),
    reuse: (numbers) => open.reuse(numbers),
  };
}

/** The attempts of a block, as they were added. */
export function attemptsIn(block: AttemptBlock): Attempt[] {
  return rowsIn(attemptTable, block);
}
