import { formatMs, trim } from '../../../base/units.ts';

/** How well a stretch of time was observed. */
export interface Coverage {
  /** Share of the time that lies in no hole, 0..1. */
  readonly ratio: number;
  readonly maxGapUs: number;
}

/**
 * Coverage of a stretch by observations in time order; the stretch's edges count as ends of gaps. A gap longer
 * than `holeUs` is a hole, and the whole of it counts as not observed.
 */
export function coverageOf(
  timesUs: readonly number[],
  fromUs: number,
  toUs: number,
  holeUs: number,
): Coverage {
  let lastUs = fromUs;
  let holesUs = 0;
  let maxGapUs = 0;
  const look = (tUs: number): void => {
    const gapUs = tUs - lastUs;
    if (gapUs > holeUs) holesUs += gapUs;
    maxGapUs = Math.max(maxGapUs, gapUs);
    lastUs = tUs;
  };
  for (const tUs of timesUs) if (tUs >= fromUs && tUs <= toUs) look(tUs);
  look(toUs);
  const lengthUs = toUs - fromUs;
  return { ratio: lengthUs <= 0 ? 1 : 1 - holesUs / lengthUs, maxGapUs };
}

/** The same over several stretches together. */
export function coverageOver(
  timesUs: readonly number[],
  spans: readonly { readonly fromUs: number; readonly toUs: number }[],
  holeUs: number,
): Coverage {
  const parts = spans.map(({ fromUs, toUs }) => ({
    lengthUs: toUs - fromUs,
    ...coverageOf(timesUs, fromUs, toUs, holeUs),
  }));
  const lengthUs = parts.reduce((sum, part) => sum + part.lengthUs, 0);
  const seenUs = parts.reduce((sum, part) => sum + part.ratio * part.lengthUs, 0);
  const maxGapUs = parts.reduce((most, part) => Math.max(most, part.maxGapUs), 0);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return { ratio: only.ratio, maxGapUs };
  return { ratio: lengthUs <= 0 ? 1 : seenUs / lengthUs, maxGapUs };
}

/** What a sampler must reach for its silence to mean anything. */
export interface CoverageNeed {
  readonly ratio: number;
  readonly maxGapUs: number;
  /**
   * A gap up to this long hides nothing that counts: an excess must last tau_close to be one, and then it
   * covers at least one sample. Never shorter than three sampling periods, which jitter alone can make of one.
   */
  readonly holeUs: number;
}

/** The most that the sampler's own stalls may take off the share that has to be covered. */
const mostStalled = 0.04;

/**
 * 99 % of the time, and no gap longer than T_acq (or three periods where those are longer). `stalledShare`: the share of
 * some phase in which the sampler itself could not run, which is set aside as far as it is small.
 */
export function coverageNeed(times: {
  readonly everyMs: number;
  readonly acquireMs: number;
  readonly tauCloseMs: number;
  readonly stalledShare?: number;
}): CoverageNeed {
  return {
    ratio: 0.99 - Math.min(mostStalled, times.stalledShare ?? 0),
    maxGapUs: 1000 * Math.max(times.acquireMs, 3 * times.everyMs),
    holeUs: 1000 * Math.max(times.tauCloseMs, 3 * times.everyMs),
  };
}

/** Whether the need is met. */
export function isCovered(coverage: Coverage, need: CoverageNeed): boolean {
  return coverage.ratio >= need.ratio && coverage.maxGapUs <= need.maxGapUs;
}

/** Why the silence of these observations means nothing, or null when it does. */
export function blindness(coverage: Coverage, need: CoverageNeed): string | null {
  if (isCovered(coverage, need)) return null;
  const share = trim(100 * coverage.ratio, 1);
  return `samples cover only ${share} % of the time, longest gap ${formatMs(coverage.maxGapUs / 1000)}`;
}
