/** The one that comes first in time; of several at once, the first in the list. Null of none. */
export function earliest<One>(all: readonly One[], timeOf: (one: One) => number): One | null {
  let first: One | null = null;
  for (const one of all) if (first === null || timeOf(one) < timeOf(first)) first = one;
  return first;
}
