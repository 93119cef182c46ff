/** One number for each item. `Float64Array.from` uses an iterator, which is five times slower. */
export function floatsOf<Item>(items: readonly Item[], valueOf: (item: Item) => number): Float64Array {
  const floats = new Float64Array(items.length);
  for (let index = 0; index < items.length; index += 1) floats[index] = valueOf(items[index] as Item);
  return floats;
}
