/** The most of these moments that lie in any half-open window of a length; both in the same unit, moments ascending. */
export function mostWithin(moments: readonly number[] | Float64Array, window: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < moments.length; last += 1) {
    const end = moments[last] ?? 0;
    while (first < last && end - (moments[first] ?? 0) >= window) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
