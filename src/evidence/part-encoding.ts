import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SchemaElement } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import { messageOf } from '../base/errors.ts';
import type { Column } from './column.ts';
import { columnsOf, type Cells, type Table } from './table.ts';

/** Rows encoded in one go, a few milliseconds of work: the sampler shares this thread and must stay punctual. */
const groupRows = 1000;

/** A Parquet file of these rows. Other work of this thread gets its turn between the row groups. */
export async function encodePart<Row>(table: Table<Row>, rows: readonly Row[]): Promise<Uint8Array> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const writer = new ByteWriter();
  const schema = schemaOf(table);
  const parquet = new ParquetWriter({ writer, schema, statistics: false, createdBy: 'poolproof' });
  for (let from = 0; from < rows.length; from += groupRows) {
    const columnData = sourcesOf(table, rows.slice(from, from + groupRows));
    await parquet.write({ columnData, rowGroupSize: groupRows });
    await nextTurn();
  }
  await parquet.finish();
  return writer.getBytes();
}

/** The rows of a Parquet file; throws when it is not whole or has other columns. */
export async function decodePart<Row>(table: Table<Row>, file: ArrayBuffer): Promise<Row[]> {
  const { parquetMetadata, parquetRead } = await import('hyparquet');
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

/** The table's columns in Parquet's own terms. */
function schemaOf<Row>(table: Table<Row>): SchemaElement[] {
  const columns = columnsOf(table).map(([, column]) => elementOf(column));
  return [{ name: 'root', num_children: columns.length }, ...columns];
}

function elementOf<Cell>({ name, type, nullable }: Column<Cell>): SchemaElement {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  return type === 'STRING'
    ? { name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
    : { name, repetition_type, type };
}

function sourcesOf<Row>(table: Table<Row>, rows: readonly Row[]): ColumnSource[] {
  return columnsOf(table).map(([property, { name, type, store }]) => {
    const data = rows.map((row) => store(row[property]));
    // Times mostly grow: as differences they take a quarter of the space, and no search for repeated values.
    return type === 'INT64' ? { name, data, encoding: 'DELTA_BINARY_PACKED' } : { name, data };
  });
}

function checkSchema<Row>(table: Table<Row>, found: readonly SchemaElement[]): void {
  const byName = new Map(found.slice(1).map((element) => [element.name, element]));
  for (const wanted of schemaOf(table).slice(1))
    if (kindOf(byName.get(wanted.name)) !== kindOf(wanted))
      throw new Error(`its column ${wanted.name} is not what this version writes`);
}

function kindOf(element: SchemaElement | undefined): string {
  return `${element?.type ?? ''} ${element?.converted_type ?? ''} ${element?.repetition_type ?? ''}`;
}
