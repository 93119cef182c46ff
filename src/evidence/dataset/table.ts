import type { Column } from './column.ts';

/** A kind of rows that is stored in Parquet parts, in a folder of its own. */
export interface Table<Row> {
  /** The name of the folder. */
  readonly name: 'attempts' | 'backends';
  /** The property that says when a row was. */
  readonly time: keyof Row;
  /** One for each property of a row, in the order of the files' columns. */
  readonly columns: { readonly [Property in keyof Row]: Column<Row[Property]> };
  /** Puts one row together again. */
  readonly rowOf: (cells: Cells<Row>, index: number) => Row;
}

/** Rows by column: for each property the values of all rows. */
export type Cells<Row> = { readonly [Property in keyof Row]: ArrayLike<Row[Property]> };

/** The columns with the properties they hold, in order. */
export function columnsOf<Row>(table: Table<Row>): readonly [keyof Row, Column<Row[keyof Row]>][] {
  return Object.entries(table.columns) as [keyof Row, Column<Row[keyof Row]>][];
}

/** The file of a part in the run's folder; parts count from 1. */
export function partName(table: string, number: number): string {
  return `${table}/part-${String(number).padStart(5, '0')}.parquet`;
}
