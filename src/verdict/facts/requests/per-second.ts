/** What moments, each with its weight, add up to in windows of a second from `fromUs` on, as many as fit whole. */
export function perSecond(
  all: Iterable<{ readonly tUs: number; readonly weight: number }>,
  fromUs: number,
  toUs: number,
): number[] {
  const sums = new Array<number>(Math.max(0, Math.floor((toUs - fromUs) / 1e6))).fill(0);
  for (const { tUs, weight } of all) {
    const index = Math.floor((tUs - fromUs) / 1e6);
    if (index >= 0 && index < sums.length) sums[index] = (sums[index] ?? 0) + weight;
  }
  return sums;
}

/** The same of what happened evenly from one moment to another: each window gets the share that lies in it. */
export function spreadPerSecond(
  all: Iterable<{ readonly fromUs: number; readonly toUs: number; readonly weight: number }>,
  fromUs: number,
  toUs: number,
): number[] {
  const sums = new Array<number>(Math.max(0, Math.floor((toUs - fromUs) / 1e6))).fill(0);
  for (const one of all) {
    const lengthUs = Math.max(1, one.toUs - one.fromUs);
    const first = Math.max(0, Math.floor((one.fromUs - fromUs) / 1e6));
    const last = Math.min(sums.length - 1, Math.floor((one.toUs - fromUs) / 1e6));
    for (let index = first; index <= last; index += 1) {
      const windowUs = fromUs + index * 1e6;
      const sharedUs = Math.min(one.toUs, windowUs + 1e6) - Math.max(one.fromUs, windowUs);
      sums[index] = (sums[index] ?? 0) + (one.weight * Math.max(0, sharedUs)) / lengthUs;
    }
  }
  return sums;
}
