/**
 * A count that changes at moments: `count` holds from `tUs` until the next step, zero before the first.
 * Several steps may share one `tUs`, in the order in which they happened.
 */
export interface Step {
  readonly tUs: number;
  readonly count: number;
}

/** A maximal interval in which a count was above its limit; `fromUs` equals `toUs` for a moment without length. */
export interface Episode {
  readonly fromUs: number;
  readonly toUs: number;
  readonly peak: number;
}

/** Adds up changes. They may come in any order of time; equal times keep the order in which they were given. */
export function stepsOf(
  changes: readonly { readonly tUs: number; readonly delta: number }[],
): readonly Step[] {
  const ordered = [...changes].sort((a, b) => a.tUs - b.tUs);
  let count = 0;
  return ordered.map(({ tUs, delta }) => {
    count += delta;
    return { tUs, count };
  });
}

/**
 * The highest count in `fromUs..toUs`, both included, and the first moment it was reached.
 * Null when there are no steps at all: nothing was counted, which is not a count of zero.
 */
export function peakOf(
  steps: readonly Step[],
  fromUs: number,
  toUs: number,
): { readonly tUs: number; readonly count: number } | null {
  if (steps.length === 0 || toUs < fromUs) return null;
  let index = firstWhere(steps, (step) => step.tUs >= fromUs);
  // What held just before the window reaches into it, unless a step stands exactly on its edge.
  let peak =
    steps[index]?.tUs === fromUs
      ? null
      : { tUs: fromUs, count: index === 0 ? 0 : (steps[index - 1]?.count ?? 0) };
  for (let step = steps[index]; step !== undefined && step.tUs <= toUs; step = steps[(index += 1)])
    if (peak === null || step.count > peak.count) peak = { tUs: step.tUs, count: step.count };
  return peak;
}

/** The count at a moment, after every step of that moment; zero before the first. */
export function countAt(steps: readonly Step[], tUs: number): number {
  return steps[firstWhere(steps, (step) => step.tUs > tUs) - 1]?.count ?? 0;
}

/**
 * Every episode above the limit up to `untilUs`; one that has not ended by then ends there.
 * A dip without length does not part two episodes.
 */
export function episodesAbove(steps: readonly Step[], limit: number, untilUs: number): readonly Episode[] {
  const episodes: Episode[] = [];
  for (const [index, { tUs, count }] of steps.entries()) {
    if (tUs > untilUs) break;
    if (count <= limit) continue;
    const toUs = Math.min(steps[index + 1]?.tUs ?? untilUs, untilUs);
    const last = episodes.at(-1);
    if (last?.toUs !== tUs) episodes.push({ fromUs: tUs, toUs, peak: count });
    else episodes[episodes.length - 1] = { fromUs: last.fromUs, toUs, peak: Math.max(last.peak, count) };
  }
  return episodes;
}

/** How long within `fromUs..toUs` a count stood at a level or above it, in microseconds. */
export function timeAtLeast(steps: readonly Step[], level: number, fromUs: number, toUs: number): number {
  let totalUs = 0;
  steps.forEach(({ tUs, count }, index) => {
    if (count < level) return;
    const untilUs = steps[index + 1]?.tUs ?? toUs;
    totalUs += Math.max(0, Math.min(untilUs, toUs) - Math.max(tUs, fromUs));
  });
  return totalUs;
}

/** The count within a span alone: what held at its beginning, then every step before its end. */
export function stepsWithin(steps: readonly Step[], fromUs: number, toUs: number): readonly Step[] {
  const first = firstWhere(steps, (step) => step.tUs > fromUs);
  const after = Math.max(
    first,
    firstWhere(steps, (step) => step.tUs >= toUs),
  );
  const held = steps[first - 1];
  const inside = steps.slice(first, after);
  return held === undefined ? inside : [{ tUs: Math.max(held.tUs, fromUs), count: held.count }, ...inside];
}

/** Several counts added up. */
export function sumOfSteps(parts: readonly (readonly Step[])[]): readonly Step[] {
  return stepsOf(
    parts.flatMap((steps) =>
      steps.map(({ tUs, count }, index) => ({ tUs, delta: count - (steps[index - 1]?.count ?? 0) })),
    ),
  );
}

/** The index of the first step for which a condition holds that, once true, stays true (binary search). */
function firstWhere(steps: readonly Step[], holds: (step: Step) => boolean): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const step = steps[middle];
    if (step === undefined || holds(step)) high = middle;
    else low = middle + 1;
  }
  return low;
}
