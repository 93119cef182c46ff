/** Beyond this many, empty buckets are left out: one stray timestamp must not fill the memory. */
const maxFilled = 100_000;

/** Buckets of equal length, created on demand. */
export interface Buckets<B> {
  /** The bucket that a moment falls in. */
  at(tUs: number): B;
  /** All buckets in time order, including the empty ones between the first and the last. */
  all(): readonly B[];
}

/** Buckets whose edges are multiples of `bucketUs`. */
export function makeBuckets<B>(bucketUs: number, make: (fromUs: number) => B): Buckets<B> {
  const known = new Map<number, B>();
  const get = (index: number): B => {
    const found = known.get(index);
    if (found !== undefined) return found;
    const made = make(index * bucketUs);
    known.set(index, made);
    return made;
  };
  return {
    at: (tUs) => get(Math.floor(tUs / bucketUs)),
    all: () => {
      const indexes = [...known.keys()].sort((a, b) => a - b);
      const first = indexes[0] ?? 0;
      const length = indexes.length === 0 ? 0 : (indexes.at(-1) ?? first) - first + 1;
      return length > maxFilled
        ? indexes.map(get)
        : Array.from({ length }, (_, offset) => get(first + offset));
    },
  };
}
