import type { Span } from '../platform/overlap-windows.ts';

/** Stretches of time that may be asked how much of another stretch lies in them. */
export interface Spans {
  /** In order of time, those that touch or overlap as one. */
  readonly all: readonly Span[];
  /** How much of the time from one moment to another lies in them, microseconds. */
  within(fromUs: number, toUs: number): number;
}

/** Joins stretches that overlap. One look costs the logarithm of their number: there are as many looks as attempts. */
export function joinSpans(given: readonly Span[]): Spans {
  const all: Span[] = [];
  for (const span of [...given].sort((a, b) => a.fromUs - b.fromUs)) {
    const last = all.at(-1);
    if (last === undefined || span.fromUs > last.toUs) all.push(span);
    else all[all.length - 1] = { fromUs: last.fromUs, toUs: Math.max(last.toUs, span.toUs) };
  }
  const beforeUs: number[] = [];
  let sumUs = 0;
  for (const { fromUs, toUs } of all) {
    beforeUs.push(sumUs);
    sumUs += toUs - fromUs;
  }
  /** How much of them lies before a moment. */
  const until = (tUs: number): number => {
    const begun = countBegun(all, tUs);
    const last = all[begun - 1];
    return last === undefined ? 0 : (beforeUs[begun - 1] ?? 0) + Math.min(tUs, last.toUs) - last.fromUs;
  };
  return { all, within: (fromUs, toUs) => (all.length === 0 ? 0 : Math.max(0, until(toUs) - until(fromUs))) };
}

/** How many have begun by a moment. */
function countBegun(all: readonly Span[], tUs: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle]?.fromUs ?? Infinity) <= tUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
