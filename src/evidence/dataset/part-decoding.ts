import { parquetMetadata, parquetRead } from 'hyparquet';
import { messageOf } from '../../base/errors.ts';
import { checkSchema } from './parquet-schema.ts';
import { columnsOf, type Cells, type Table } from './table.ts';

/** The rows of a Parquet file; throws when it is not whole or has other columns. */
export async function decodePart<Row>(table: Table<Row>, file: ArrayBuffer): Promise<Row[]> {
  const metadata = parquetMetadata(file);
  checkSchema(table, metadata.schema);
  const count = Number(metadata.num_rows);
  const columns = new Map(columnsOf(table).map(([property, column]) => [column.name, { property, column }]));
  const read = new Map<keyof Row, ArrayLike<unknown>>();
  const failures: string[] = [];
  await parquetRead({
    file,
    metadata,
    onChunk: ({ columnName, columnData }) => {
      const known = columns.get(columnName);
      if (known === undefined) return;
      try {
        read.set(known.property, joined(read.get(known.property), known.column.restoreAll(columnData)));
      } catch (error) {
        // Thrown in here, it would reject no promise that anyone awaits.
        failures.push(messageOf(error));
      }
    },
  });
  for (const [name, { property, column }] of columns) {
    if (column.isNewer === true && !read.has(property)) read.set(property, new Array(count).fill(null));
    const rows = read.get(property)?.length ?? 0;
    if (rows !== count) failures.push(`its column ${name} has ${rows} of ${count} rows`);
  }
  if (failures.length > 0) throw new Error(failures[0]);
  const cells = Object.fromEntries(read) as Cells<Row>;
  const rows = new Array<Row>(count);
  for (let index = 0; index < count; index += 1) rows[index] = table.rowOf(cells, index);
  return rows;
}

/** A part has one page a column; of a longer column the pages come in order. */
function joined(before: ArrayLike<unknown> | undefined, next: ArrayLike<unknown>): ArrayLike<unknown> {
  return before === undefined ? next : [...Array.from(before), ...Array.from(next)];
}
