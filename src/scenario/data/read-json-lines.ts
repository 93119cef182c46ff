import { messageOf } from '../../base/errors.ts';
import type { Table, TableMaker } from './feed-table.ts';

const newline = 10;

/** Reads JSON lines: an object a line; empty lines are skipped. */
export function readJsonLines(bytes: Buffer, table: TableMaker): Table {
  let known: readonly string[] | null = null;
  for (let start = 0, next = 1; start < bytes.length; next += 1) {
    const line = next;
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    // Trimming also removes the byte order mark that some editors write.
    const text = bytes.toString('utf8', start, end).trim();
    start = end + 1;
    if (text === '') continue;
    const object = parseObject(text, line, table);
    if (object === null) continue;
    // The first row decides which columns there are; every other row must have them.
    known ??= Object.keys(object);
    const first = known;
    table.row(
      () => line,
      table.wanted.map(({ column }) =>
        first.includes(column) ? cellOf(object, column, line, table) : undefined,
      ),
    );
  }
  return table.finish(known ?? []);
}

function parseObject(
  text: string,
  line: number,
  table: TableMaker,
): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
    table.problem(line, 'not an object: each line is one, such as {"id": 1}');
  } catch (error) {
    table.problem(line, `not JSON: ${messageOf(error)}`);
  }
  return null;
}

/** A value as text; a value that can't be written as one text is a problem. */
function cellOf(
  object: Readonly<Record<string, unknown>>,
  column: string,
  line: number,
  table: TableMaker,
): string | undefined {
  const value = Object.hasOwn(object, column) ? object[column] : undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value);
    table.problem(line, `"${column}" is a number too large to be read exactly`, 'put it in quotes');
    return undefined;
  }
  if (value === undefined) table.problem(line, `the row has no "${column}"`);
  else
    table.problem(line, `"${column}" is ${value === null ? 'null' : 'nested'}: text or a number is needed`);
  return undefined;
}
