/** How one property of a row is stored in Parquet: its name and type there, and the way back. */
export interface Column<Cell> {
  readonly name: string;
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'STRING';
  readonly nullable: boolean;
  /** From what the Parquet reader gives for a column of this type. */
  readonly restore: (stored: unknown) => Cell;
}

/** A whole number of 32 bits; what does not fit becomes the nearest that does. */
export function int32(name: string): Column<number> {
  return { name, type: 'INT32', nullable: false, restore: Number };
}

/** A whole number of 32 bits, or null. */
export function int32OrNull(name: string): Column<number | null> {
  return { name, type: 'INT32', nullable: true, restore: orNull(Number) };
}

/** Whole microseconds or the like, below 2^53. */
export function int64(name: string): Column<number> {
  return { name, type: 'INT64', nullable: false, restore: Number };
}

/** Whole microseconds or the like, below 2^53, or null. */
export function int64OrNull(name: string): Column<number | null> {
  return { name, type: 'INT64', nullable: true, restore: orNull(Number) };
}

/** A number as it is, or null. */
export function doubleOrNull(name: string): Column<number | null> {
  return { name, type: 'DOUBLE', nullable: true, restore: orNull(Number) };
}

/** True, false or null. */
export function booleanOrNull(name: string): Column<boolean | null> {
  return { name, type: 'BOOLEAN', nullable: true, restore: orNull(Boolean) };
}

/** A text. */
export function string(name: string): Column<string> {
  return { name, type: 'STRING', nullable: false, restore: String };
}

/** A text or null. */
export function stringOrNull(name: string): Column<string | null> {
  return { name, type: 'STRING', nullable: true, restore: orNull(String) };
}

/** One of a closed list of words; any other word makes the part unreadable rather than the row wrong. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): Column<Word> {
  const known = new Map<unknown, Word>(words.map((word) => [word, word]));
  const restore = (stored: unknown): Word => {
    const word = known.get(stored);
    if (word === undefined) throw new Error(`its ${name} "${String(stored)}" is unknown to this version`);
    return word;
  };
  return { name, type: 'STRING', nullable: false, restore };
}

function orNull<From, To>(convert: (value: From) => To): (value: From | null | undefined) => To | null {
  return (value) => (value === null || value === undefined ? null : convert(value));
}
