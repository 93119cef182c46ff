import { quantile } from '../../statistics/quantile.ts';
import { theilSen } from '../../statistics/theil-sen.ts';
import type { Sample } from '../../../evidence/sessions/samples.ts';
import type { RunRecord } from '../../../evidence/run-record.ts';

/*
 * How far apart the database's clock and this machine's may be, once the offset measured before load is subtracted. Each sample tells the server's clock and is itself timed by it, but never outside of its round trip; so
 *
 *     residual = (server's clock - t) - offset      is the true deviation within that round trip
 *
 * The quickest round trip of every ten seconds says most (Cristian); the drift is the Theil-Sen slope through those,
 * times the length of the run.
 *
 *     skew = max(50 ms, error of the offset + the largest such residual with its round trip, or the drift if larger)
 */

export interface ClockSkew {
  readonly skewMs: number;
  readonly offsetErrorMs: number;
  /** Over the whole run. */
  readonly driftMs: number;
}

interface Reading {
  readonly tUs: number;
  readonly residualUs: number;
  readonly rttUs: number;
}

const windowUs = 10_000_000;
const leastMs = 50;

/** Null where the clocks were never compared. */
export function clockSkew(
  samples: readonly Pick<Sample, 'tUs' | 'ok' | 'rttUs' | 'serverUs'>[],
  clock: RunRecord['database_clock'],
): ClockSkew | null {
  if (clock === null) return null;
  const best = quickest(samples, clock.offset_us);
  const offsetErrorMs = clock.error_us / 1000;
  const [first, last] = [best[0], best.at(-1)];
  if (first === undefined || last === undefined)
    return { skewMs: Math.max(leastMs, offsetErrorMs), offsetErrorMs, driftMs: 0 };
  const fit = theilSen(best.map(({ tUs, residualUs }) => ({ x: tUs, y: residualUs })));
  const driftMs = Math.abs((fit?.slope ?? 0) * (last.tUs - first.tUs)) / 1000;
  const typicalMs =
    (quantile(
      best.map(({ residualUs, rttUs }) => Math.abs(residualUs) + rttUs),
      1,
    ) ?? 0) / 1000;
  return { skewMs: Math.max(leastMs, offsetErrorMs + Math.max(driftMs, typicalMs)), offsetErrorMs, driftMs };
}

function quickest(samples: Parameters<typeof clockSkew>[0], offsetUs: number): readonly Reading[] {
  const best = new Map<number, Reading>();
  for (const { tUs, ok, rttUs, serverUs } of samples) {
    if (!ok || serverUs === null) continue;
    const window = Math.floor(tUs / windowUs);
    const known = best.get(window);
    if (known === undefined || rttUs < known.rttUs)
      best.set(window, { tUs, residualUs: serverUs - tUs - offsetUs, rttUs });
  }
  return [...best.values()];
}
