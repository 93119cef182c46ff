type Cells = Float64Array | Int32Array | Uint8Array;

/**
 * Memory that is overwritten at each use, for what a column needs briefly; otherwise megabytes of garbage a second.
 * Its content is valid only until the next use; no use may span a turn of the event loop.
 */
export type Scratch<T extends Cells> = (length: number) => T;

/** Scratch memory that grows to the largest size ever requested. */
export function makeScratch<T extends Cells>(make: (length: number) => T): Scratch<T> {
  let memory = make(0);
  return (length) => {
    if (memory.length < length) memory = make(length);
    return memory.subarray(0, length) as T;
  };
}
