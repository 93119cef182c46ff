/**
 * Does something for each of these, so many at a time, and yields what came of it in their order.
 * @template Item, Result
 * @param {number} lanes
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
export async function inLanes(lanes, items, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
