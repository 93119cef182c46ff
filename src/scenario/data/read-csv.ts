import type { Table, TableMaker } from './feed-table.ts';

/** Reads CSV (RFC 4180) with a header row. Stops at a stray quote: the rows after it can't be told apart. */
export async function readCsv(bytes: Buffer, table: TableMaker): Promise<Table> {
  const { default: papa } = await import('papaparse');
  const text = bytes.toString('utf8').replaceAll('\r\n', '\n');
  const lineAt = makeLineCounter(text);
  const header: string[] = [];
  let columns: readonly number[] = [];
  let start = 0;
  const row = (fields: readonly string[]): void => {
    if (header.length === 0) {
      header.push(...fields.map((name) => name.trim()));
      columns = table.wanted.map(({ column }) => header.indexOf(column));
      for (const message of headerProblems(header)) table.problem(1, message);
    } else if (fields.length === header.length) {
      const texts = columns.map((column) => fields[column]);
      table.row(() => lineAt(start), texts);
    } else {
      table.problem(lineAt(start), `the row has ${count(fields.length)}, the header ${count(header.length)}`);
    }
  };
  papa.parse<string[]>(text, {
    delimiter: ',',
    newline: '\n',
    skipEmptyLines: true,
    step: ({ data, errors, meta }, parser) => {
      if (errors.length === 0) row(data);
      else {
        table.problem(lineAt(start), 'a quote is never closed, or something follows a closing one');
        parser.abort();
      }
      start = meta.cursor;
    },
  });
  return table.finish(header);
}

function headerProblems(names: readonly string[]): readonly string[] {
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) < index);
  return [
    ...(names.includes('') ? ['a column has no name'] : []),
    ...[...new Set(twice)].map((name) => `two columns are called "${name}"`),
  ];
}

function count(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`;
}

/** The line of the row at an offset, empty lines skipped; offsets must never go back. */
function makeLineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      line += 1;
      at = next + 1;
    }
    let first = offset;
    while (text.charAt(first) === '\n') first += 1;
    return line + first - offset;
  };
}
