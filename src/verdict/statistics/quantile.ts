/**
 * A quantile as an order statistic: the smallest value that at least a share q of the values do not exceed,
 * X(ceil(q·n)). Never interpolated: it is a value that really occurred. Null for no values.
 */
export function quantile(values: readonly number[] | Float64Array, q: number): number | null {
  return sortedQuantile(new Float64Array(values).sort(), q);
}

/** The same of values that are in order already: sorting hundreds of thousands of them is what takes time. */
export function sortedQuantile(sorted: ArrayLike<number>, q: number): number | null {
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1] ?? null;
}

/** How sure n values, all within a limit, make us that the q-quantile is: 1 - q^n. */
export function confidenceOfMax(n: number, q: number): number {
  return 1 - q ** n;
}
