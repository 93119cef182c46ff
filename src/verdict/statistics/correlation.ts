/** Pearson's correlation of two equally long lists; null where one of them does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number | null {
  const meanA = mean(a);
  const meanB = mean(b);
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  a.forEach((value, index) => {
    const offA = value - meanA;
    const offB = (b[index] ?? meanB) - meanB;
    product += offA * offB;
    squareA += offA * offA;
    squareB += offB * offB;
  });
  return squareA === 0 || squareB === 0 ? null : product / Math.sqrt(squareA * squareB);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
