import { columnsOf, type Cells, type Table } from './table.ts';

/** Rows by column in one piece: `numbers` moves to another thread at no cost, and Parquet is written from it. */
export interface Block {
  readonly count: number;
  /**
   * Column after column in the order of the table, `count` numbers each. NaN is null, 0 and 1 are booleans, and
   * a text is its place in `strings`.
   */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Every text of the block, once. */
  readonly strings: readonly string[];
  /** Called once `numbers` are no longer read, so that their owner may fill them again. */
  readonly free?: () => void;
}

/** Fills one block after another. */
export interface Blocks<Row> {
  /** Adds a row; true when the block is full. Throws `RangeError` when it was full before. */
  add(row: Row): boolean;
  /** What was added since the last time; null for nothing. */
  take(): Block | null;
  /** Takes back the numbers of a block, to fill them again; otherwise they would be megabytes of garbage a second. */
  reuse(numbers: Float64Array<ArrayBuffer>): void;
}

/** How many are kept for reuse. */
const maxSpare = 32;

/** A block that is being filled. It is allocated once, at its full size, and reused for every block. */
export class OpenBlock {
  readonly capacity: number;
  /** Column after column, `capacity` numbers each. */
  readonly cells: Float64Array;
  readonly #width: number;
  readonly #places = new Map<string, number>();
  readonly #spare: Float64Array<ArrayBuffer>[] = [];
  #count = 0;

  constructor(width: number, capacity: number) {
    this.capacity = capacity;
    this.cells = new Float64Array(width * capacity);
    this.#width = width;
  }

  get isFull(): boolean {
    return this.#count === this.capacity;
  }

  /** The index of the next row, which counts from now on. */
  next(): number {
    if (this.isFull) throw new RangeError('the block is full: take it first');
    this.#count += 1;
    return this.#count - 1;
  }

  /** The number that stands for a text. */
  placeOf(text: string | null): number {
    if (text === null) return NaN;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(text, place);
    return place;
  }

  take(): Block | null {
    if (this.#count === 0) return null;
    const count = this.#count;
    const numbers = (this.isFull ? this.#spare.pop() : undefined) ?? new Float64Array(this.#width * count);
    for (let column = 0; column < this.#width; column += 1) {
      const start = column * this.capacity;
      numbers.set(this.cells.subarray(start, start + count), column * count);
    }
    const strings = [...this.#places.keys()];
    this.#places.clear();
    this.#count = 0;
    return { count, numbers, strings };
  }

  /** Numbers of a block that was not full have the wrong size and are dropped. */
  reuse(numbers: Float64Array<ArrayBuffer>): void {
    const fits = numbers.length === this.#width * this.capacity;
    if (fits && this.#spare.length < maxSpare) this.#spare.push(numbers);
  }
}

/** Blocks of a table's rows, for any table. */
export function makeBlocks<Row>(table: Table<Row>, capacity: number): Blocks<Row> {
  const properties = columnsOf(table).map(([property]) => property);
  const open = new OpenBlock(properties.length, capacity);
  return {
    add: (row) => {
      let cell = open.next();
      for (const property of properties) {
        const value: unknown = row[property];
        open.cells[cell] = value === null || typeof value === 'string' ? open.placeOf(value) : Number(value);
        cell += capacity;
      }
      return open.isFull;
    },
    take: () => open.take(),
    reuse: (numbers) => open.reuse(numbers),
  };
}

/** The rows of a block, as they were added. */
export function rowsIn<Row>(table: Table<Row>, { count, numbers, strings }: Block): Row[] {
  const entries = columnsOf(table).map(([property, { type, restore }], index) => {
    const cells = Array.from(numbers.subarray(index * count, (index + 1) * count), (cell) => {
      if (Number.isNaN(cell)) return restore(null);
      return restore(type === 'STRING' ? strings[cell] : cell);
    });
    return [property, cells];
  });
  const cells = Object.fromEntries(entries) as Cells<Row>;
  return Array.from({ length: count }, (_, index) => table.rowOf(cells, index));
}
