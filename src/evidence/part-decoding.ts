import { parquetMetadata, parquetRead } from 'hyparquet';
import { messageOf } from '../base/errors.ts';
import { checkSchema } from './parquet-schema.ts';
import { columnsOf, type Cells, type Table } from './table.ts';

/** The rows of a Parquet file; throws when it is not whole or has other columns. */
export async function decodePart<Row>(table: Table<Row>, file: ArrayBuffer): Promise<Row[]> {
  const metadata = parquetMetadata(file);
  checkSchema(table, metadata.schema);
  const count = Number(metadata.num_rows);
  const columns = new Map(
    columnsOf(table).map(([property, { name, restore }]) => [
      name,
      { property, restore, cells: new Array<unknown>(count) },
    ]),
  );
  const failures: string[] = [];
  await parquetRead({
    file,
    metadata,
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns.get(columnName);
      if (column === undefined) return;
      try {
        for (let index = 0; index < columnData.length; index += 1)
          column.cells[rowStart + index] = column.restore(columnData[index]);
      } catch (error) {
        // Thrown in here, it would be nobody's rejection.
        failures.push(messageOf(error));
      }
    },
  });
  if (failures.length > 0) throw new Error(failures[0]);
  const entries = [...columns.values()].map(({ property, cells }) => [property, cells]);
  const cells = Object.fromEntries(entries) as Cells<Row>;
  return Array.from({ length: count }, (_, index) => table.rowOf(cells, index));
}
