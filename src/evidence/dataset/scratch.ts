type Cells = Float64Array | Int32Array | Uint8Array;

/**
 * Memory that is written over at each use: what a column needs for a moment, else megabytes of garbage a second.
 * Its content is only good until the next use; no use may reach over a turn of the event loop.
 */
export type Scratch<T extends Cells> = (length: number) => T;

/** Scratch memory that grows to the longest use there ever was. */
export function makeScratch<T extends Cells>(make: (length: number) => T): Scratch<T> {
  let memory = make(0);
  return (length) => {
    if (memory.length < length) memory = make(length);
    return memory.subarray(0, length) as T;
  };
}
