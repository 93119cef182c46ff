import type { Attempt } from '../../../evidence/attempt.ts';

/** When attempts began and when they ended, each in order of time: as columns, because there are too many for an object each. */
export interface Outstanding {
  readonly sentUs: Float64Array;
  /** Infinity for an attempt that never ended. */
  readonly endedUs: Float64Array;
}

/** Of every attempt that was sent. */
export function outstandingOf(attempts: readonly Attempt[]): Outstanding {
  const sentUs = new Float64Array(attempts.length);
  const endedUs = new Float64Array(attempts.length);
  let count = 0;
  for (const { outcome, sentUs: from, endedUs: to } of attempts) {
    if (outcome === 'dropped') continue;
    sentUs[count] = from;
    endedUs[count] = to ?? Infinity;
    count += 1;
  }
  return { sentUs: sentUs.subarray(0, count).sort(), endedUs: endedUs.subarray(0, count).sort() };
}

/** The most attempts open at once, and the first moment of that; an end counts before a beginning at the same time. */
export function mostOpen({ sentUs, endedUs }: Outstanding): { readonly tUs: number; readonly count: number } {
  let ended = 0;
  let peak = { tUs: sentUs[0] ?? 0, count: 0 };
  sentUs.forEach((tUs, begun) => {
    while ((endedUs[ended] ?? Infinity) <= tUs) ended += 1;
    const count = begun + 1 - ended;
    if (count > peak.count) peak = { tUs, count };
  });
  return peak;
}

/** The most open at once from one moment to another; an end counts as open until it has passed. */
export function mostOpenIn({ sentUs, endedUs }: Outstanding, fromUs: number, toUs: number): number {
  let begun = countUpTo(sentUs, fromUs);
  let ended = countUpTo(endedUs, fromUs - 1);
  let most = begun - ended;
  while ((sentUs[begun] ?? Infinity) <= toUs) {
    const tUs = sentUs[begun] ?? 0;
    while ((endedUs[ended] ?? Infinity) < tUs) ended += 1;
    begun += 1;
    most = Math.max(most, begun - ended);
  }
  return most;
}

/** How many of them, in order, are at or before a moment. */
function countUpTo(times: Float64Array, tUs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= tUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The most attempts that began within any stretch of this length. */
export function mostWithin({ sentUs }: Outstanding, lengthUs: number): number {
  let first = 0;
  let most = 0;
  sentUs.forEach((tUs, index) => {
    while ((sentUs[first] ?? tUs) <= tUs - lengthUs) first += 1;
    most = Math.max(most, index + 1 - first);
  });
  return most;
}

/** How many were open on average in each window of this width from `fromUs` on, as many as fit whole. */
export function meanOpen(
  { sentUs, endedUs }: Outstanding,
  fromUs: number,
  toUs: number,
  widthUs: number,
): readonly number[] {
  const count = Math.max(0, Math.floor((toUs - fromUs) / widthUs));
  return meanBetween(
    { sentUs, endedUs },
    Array.from({ length: count + 1 }, (_, index) => fromUs + index * widthUs),
  );
}

/** How many were open on average between each two of these moments, which are in order of time. */
export function meanBetween({ sentUs, endedUs }: Outstanding, edges: readonly number[]): readonly number[] {
  const begun = areasUntil(sentUs, edges);
  const ended = areasUntil(endedUs, edges);
  // The total time that attempts were open up to t: the sum of (t - begun) less the sum of (t - ended).
  const areas = edges.map((_, index) => (begun[index] ?? 0) - (ended[index] ?? 0));
  return edges.slice(1).map((edge, index) => {
    const widthUs = edge - (edges[index] ?? edge);
    return widthUs <= 0 ? 0 : ((areas[index + 1] ?? 0) - (areas[index] ?? 0)) / widthUs;
  });
}

/** For each edge t, in order of time, the sum of (t - time) over all times before it. */
function areasUntil(times: Float64Array, edges: readonly number[]): readonly number[] {
  let passed = 0;
  let sinceFirst = 0;
  const [origin = 0] = edges;
  return edges.map((edge) => {
    for (let time = times[passed]; time !== undefined && time < edge; time = times[(passed += 1)])
      sinceFirst += time - origin;
    return passed * (edge - origin) - sinceFirst;
  });
}
