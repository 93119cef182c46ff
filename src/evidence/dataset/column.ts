import { mostUs } from '../bounded.ts';

/** How one property of a row is stored in Parquet: its name and type there, and the way back. */
export interface Column<Cell> {
  readonly name: string;
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'STRING';
  readonly nullable: boolean;
  /** Recordings of earlier versions lack it: its cells are then null. */
  readonly isNewer?: true;
  /** From what the Parquet reader gives for a column of this type. */
  readonly restore: (stored: unknown) => Cell;
  /** The same for many at once: most need no conversion, and there are millions of them. */
  readonly restoreAll: (stored: ArrayLike<unknown>) => ArrayLike<Cell>;
}

/** A whole number of 32 bits; what does not fit becomes the nearest that does. */
export function int32(name: string): Column<number> {
  return { name, type: 'INT32', nullable: false, restore: Number, restoreAll: asTheyAre };
}

/** A whole number of 32 bits, or null. */
export function int32OrNull(name: string): Column<number | null> {
  return { name, type: 'INT32', nullable: true, restore: orNull(Number), restoreAll: asTheyAre };
}

/** Whole microseconds of a run; any that no run can have makes the part unreadable. */
export function int64(name: string): Column<number> {
  return { name, type: 'INT64', nullable: false, ...each(microseconds(name)) };
}

/** Whole microseconds of a run, or null. */
export function int64OrNull(name: string): Column<number | null> {
  return { name, type: 'INT64', nullable: true, ...each(orNull(microseconds(name))) };
}

/** A column that recordings of earlier versions lack. */
export function newer<Cell>(column: Column<Cell | null>): Column<Cell | null> {
  return { ...column, isNewer: true };
}

/** A number as it is, or null. */
export function doubleOrNull(name: string): Column<number | null> {
  return { name, type: 'DOUBLE', nullable: true, restore: orNull(Number), restoreAll: asTheyAre };
}

/** True, false or null. */
export function booleanOrNull(name: string): Column<boolean | null> {
  return { name, type: 'BOOLEAN', nullable: true, restore: orNull(Boolean), restoreAll: asTheyAre };
}

/** A text. */
export function string(name: string): Column<string> {
  return { name, type: 'STRING', nullable: false, restore: String, restoreAll: asTheyAre };
}

/** A text or null. */
export function stringOrNull(name: string): Column<string | null> {
  return { name, type: 'STRING', nullable: true, restore: orNull(String), restoreAll: asTheyAre };
}

/** One of a closed list of words; any other word makes the part unreadable rather than the row wrong. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): Column<Word> {
  const known = new Map<unknown, Word>(words.map((word) => [word, word]));
  const restore = (stored: unknown): Word => {
    const word = known.get(stored);
    if (word === undefined) throw new Error(`its ${name} "${String(stored)}" is unknown to this version`);
    return word;
  };
  return { name, type: 'STRING', nullable: false, ...each(restore) };
}

function microseconds(name: string): (stored: unknown) => number {
  return (stored) => {
    const us = Number(stored);
    if (Math.abs(us) > mostUs) throw new Error(`its ${name} ${us} is no time of a run`);
    return us;
  };
}

function each<Cell>(restore: (stored: unknown) => Cell): Pick<Column<Cell>, 'restore' | 'restoreAll'> {
  const restoreAll = (stored: ArrayLike<unknown>): Cell[] => {
    const cells = new Array<Cell>(stored.length);
    for (let index = 0; index < stored.length; index += 1) cells[index] = restore(stored[index]);
    return cells;
  };
  return { restore, restoreAll };
}

/** The schema was checked: such a column can hold nothing else. */
function asTheyAre<Cell>(stored: ArrayLike<unknown>): ArrayLike<Cell> {
  return stored as ArrayLike<Cell>;
}

function orNull<From, To>(convert: (value: From) => To): (value: From | null | undefined) => To | null {
  return (value) => (value === null || value === undefined ? null : convert(value));
}
