// Arithmetic on measured values; nothing here measures.

/** The smallest value that the share q of the sorted values does not exceed. */
export function quantile(sorted, q) {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)];
}

/** The middle of some rounds. */
export function median(values) {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Least-squares slope of y over x: sum((x - mx)(y - my)) / sum((x - mx)^2). */
export function slope(points) {
  const mean = (pick) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const covered = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return covered / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

/**
 * How late requests came, milliseconds, sorted. Lag of arrival i = arrival_i - (t0 + i / rate), with t0 such that
 * the first percentile of lag is 0: a delay that all share is the way to the target and no fault of the pacing.
 * Arrivals are counted in the order seen.
 */
export function lagsMs(arrivalsNs, ratePerSec) {
  const firstNs = arrivalsNs[0];
  const late = Array.from(
    arrivalsNs,
    (ns, index) => Number(ns - firstNs) / 1e6 - (index * 1000) / ratePerSec,
  );
  late.sort((a, b) => a - b);
  const zero = quantile(late, 0.01);
  return late.map((ms) => ms - zero);
}
