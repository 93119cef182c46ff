import { makeCells } from '../../../src/scenario/data/feed-cells.ts';
import type { Feed } from '../../../src/scenario/data/feed.ts';

/** A feed as it is after loading. */
export function feedOf(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  pick: Feed['pick'] = 'random',
): Feed {
  const cells = makeCells();
  for (const row of rows) for (const text of row) cells.add(text);
  const place = { file: 'scenario.yaml', line: 3, column: 5 };
  return { file: '/items.csv', pick, place, rows: rows.length, columns, cells: cells.finish() };
}
