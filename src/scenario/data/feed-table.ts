import type { Problem } from '../../base/errors.ts';
import { makeCells } from './feed-cells.ts';
import type { FeedCells } from './feed.ts';
import type { FeedUse } from './feed-use.ts';
import { isJsonNumber } from '../language/texts.ts';

/** A file of data, read. */
export interface Table {
  /** All the columns it has. */
  readonly known: readonly string[];
  /** Those that were wanted, in the order of the cells. */
  readonly columns: readonly string[];
  readonly rows: number;
  readonly cells: FeedCells;
  readonly problems: readonly Problem[];
}

/** A column that requests ask for. */
export interface Wanted {
  readonly column: string;
  readonly uses: readonly FeedUse['as'][];
}

/** Takes in a file row by row, whatever its format. */
export interface TableMaker {
  readonly wanted: readonly Wanted[];
  /** A row, with a text for each wanted column; undefined if that was reported already. */
  row(line: () => number, texts: readonly (string | undefined)[]): void;
  problem(line: number, message: string, hint?: string): void;
  finish(known: readonly string[]): Table;
}

/** Rows are usually wrong in the same way; this many examples are enough. */
const mostProblems = 10;

/** Starts a table. Problems name the file as the scenario does. */
export function makeTable(file: string, uses: readonly FeedUse[]): TableMaker {
  const wanted = wantedOf(uses);
  const cells = makeCells();
  const problems: Problem[] = [];
  let rows = 0;
  let more = 0;
  const problem: TableMaker['problem'] = (line, message, hint) => {
    const place = { file, line, column: 1 };
    if (problems.length >= mostProblems) more += 1;
    else problems.push({ message, place, ...(hint === undefined ? {} : { hint }) });
  };
  return {
    wanted,
    problem,
    row: (line, texts) => {
      rows += 1;
      for (const [index, { column, uses: needs }] of wanted.entries()) {
        const text = texts[index];
        cells.add(text ?? '');
        const why = text === undefined ? undefined : unfitness(text, needs);
        if (why !== undefined) problem(line(), `"${column}" ${why}`);
      }
    },
    finish: (known) => {
      if (rows === 0 && problems.length === 0) problem(1, 'it has no rows');
      const last = problems.at(-1)?.place;
      const omitted = {
        message: `and ${more} more like these`,
        ...(last === undefined ? {} : { place: last }),
      };
      return {
        known,
        columns: wanted.map(({ column }) => column),
        rows,
        cells: cells.finish(),
        problems: more === 0 ? problems : [...problems, omitted],
      };
    },
  };
}

function wantedOf(uses: readonly FeedUse[]): readonly Wanted[] {
  return [...new Set(uses.map(({ column }) => column))].map((column) => ({
    column,
    uses: uses.filter((use) => use.column === column).map(({ as }) => as),
  }));
}

function unfitness(text: string, uses: readonly FeedUse['as'][]): string | undefined {
  if (uses.includes('number') && !isJsonNumber(text)) return `is not a number: ${shown(text)}`;
  if (uses.includes('header') && !/^[\t\x20-\x7e\x80-\xff]*$/.test(text))
    return 'has a character that is not allowed in headers';
  return undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
