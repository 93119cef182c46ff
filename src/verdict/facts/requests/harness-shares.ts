import { allAttempts } from '../../../evidence/all-attempts.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { sortedQuantile } from '../../statistics/quantile.ts';

/** What the harness took of the time of attempts, milliseconds: how late each was sent, and the emulator's own share. */
export interface HarnessShares {
  /** Of all attempts whose answer tells it, sorted. */
  readonly sharesMs: ArrayLike<number>;
  /** The second with the highest median; null where no second has enough of them. */
  readonly worstSecond: WorstSecond | null;
}

export interface WorstSecond {
  readonly fromUs: number;
  readonly medianMs: number;
}

const secondUs = 1_000_000;

/** Fewer in a second are no step in load. */
const enough = 100;

/** Calibrations included, where the evidence has them. */
export function harnessSharesOf(evidence: Pick<Evidence, 'attempts' | 'beside'>): HarnessShares {
  const all: number[] = [];
  const seconds = new Map<number, number[]>();
  for (const { ownUs, sentUs, intendedUs } of allAttempts(evidence)) {
    if (ownUs === null) continue;
    const shareMs = (Math.max(0, sentUs - intendedUs) + ownUs) / 1000;
    const second = Math.floor(intendedUs / secondUs);
    const own = seconds.get(second);
    if (own === undefined) seconds.set(second, [shareMs]);
    else own.push(shareMs);
    all.push(shareMs);
  }
  return { sharesMs: Float64Array.from(all).sort(), worstSecond: worstOf(seconds) };
}

function worstOf(seconds: ReadonlyMap<number, readonly number[]>): WorstSecond | null {
  let worst: WorstSecond | null = null;
  for (const [second, shares] of seconds) {
    if (shares.length < enough) continue;
    const medianMs = sortedQuantile(Float64Array.from(shares).sort(), 0.5) ?? 0;
    if (worst === null || medianMs > worst.medianMs) worst = { fromUs: second * secondUs, medianMs };
  }
  return worst;
}
