import type { SchemaElement } from 'hyparquet';
import type { Column } from './column.ts';
import { columnsOf, type Table } from './table.ts';

/** The table's columns in Parquet's own terms. */
export function schemaOf<Row>(table: Table<Row>): SchemaElement[] {
  const columns = columnsOf(table).map(([, column]) => elementOf(column));
  return [{ name: 'root', num_children: columns.length }, ...columns];
}

/** Throws where a file has not the columns of the table. */
export function checkSchema<Row>(table: Table<Row>, found: readonly SchemaElement[]): void {
  const byName = new Map(found.slice(1).map((element) => [element.name, element]));
  for (const [, column] of columnsOf(table)) {
    const { name } = column;
    if (column.isNewer === true && !byName.has(name)) continue;
    if (kindOf(byName.get(name)) !== kindOf(elementOf(column)))
      throw new Error(`its column ${name} is not what this version writes`);
  }
}

function elementOf<Cell>({ name, type, nullable }: Column<Cell>): SchemaElement {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  return type === 'STRING'
    ? { name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
    : { name, repetition_type, type };
}

function kindOf(element: SchemaElement | undefined): string {
  return `${element?.type ?? ''} ${element?.converted_type ?? ''} ${element?.repetition_type ?? ''}`;
}
