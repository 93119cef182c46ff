import { trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import type { Lags } from '../facts/requests/lags.ts';
import { sortedQuantile } from '../statistics/quantile.ts';

/*
 * The generator sent on time: lag = sent - intended.
 *
 *     p99(lag) <= eps / 2, max(lag) <= T_acq / 4, p99 of the lanes' event-loop delay <= 20 ms
 *
 * Half of the allowance at most may be used up by the harness, and no single request may have lost a quarter of
 * the time that its limit is about. A late event loop also reads the answers late: then latencies are ours.
 *
 * Where what was sent or read late is set aside, the rest is judged, and its answers were read in time.
 *
 * First attempts decide: the schedule's promise is theirs. A retry is timed by the lane that saw the failure; how late
 * it was is said beside it.
 */

export interface LagInput extends Lags {
  /** The worst lane; null when no lane reported. */
  readonly loopDelayP99Ms: number | null;
  readonly loopDelayMaxMs: number | null;
  readonly epsMs: number;
  readonly acquireMs: number;
  /** Whether what was read late is left out: then it does not matter how late that was. */
  readonly isAside?: boolean;
}

const loopLimitMs = 20;

export function checkLag({
  lagsMs,
  retryLagsMs,
  loopDelayP99Ms,
  loopDelayMaxMs,
  epsMs,
  acquireMs,
  isAside = false,
}: LagInput): GuardResult {
  const p99 = sortedQuantile(lagsMs, 0.99);
  const max = sortedQuantile(lagsMs, 1);
  const base = { value: p99, limit: epsMs / 2, unit: 'ms' } as const;
  const disturbanceMs = (max ?? 0) + (loopDelayMaxMs ?? 0);
  if (p99 === null || max === null) return { ...base, ok: false, reason: 'nothing was sent', disturbanceMs };
  const lag = `lag p99 ${trim(p99, 1)} ms (limit ${trim(epsMs / 2, 0)}), max ${trim(max, 1)} ms (limit ${trim(acquireMs / 4, 0)})${retryWords(retryLagsMs)}`;
  if (loopDelayP99Ms === null)
    return {
      ...base,
      ok: false,
      reason: `${lag}; the generator left no report of its event loop`,
      disturbanceMs,
    };
  const ok = p99 <= epsMs / 2 && max <= acquireMs / 4 && (isAside || loopDelayP99Ms <= loopLimitMs);
  const loopLimit = isAside ? 'what it delayed is set aside' : `limit ${loopLimitMs}`;
  const reason = `${lag}, event-loop delay p99 ${trim(loopDelayP99Ms, 1)} ms (${loopLimit})`;
  return { ...base, ok, reason, disturbanceMs };
}

function retryWords(lagsMs: ArrayLike<number>): string {
  const p99 = sortedQuantile(lagsMs, 0.99);
  return p99 === null ? '' : `, of retries p99 ${trim(p99, 1)} ms`;
}

export const generatorLag = {
  id: 'V01',
  name: 'generator-lag',
  title: 'the generator was on time',
  meaning: 'The generator sent each request when it was due.',
  provenance: 'observed',
  stalledBy: 'sends',
  check: ({ evidence, lags, setAside }: RunFacts, { thresholds }: ServiceFacts) => {
    const lanes = evidence.events.filter((event) => event.kind === 'generator');
    const worst = (pick: (lane: (typeof lanes)[number]) => number): number | null =>
      lanes.length === 0 ? null : Math.max(...lanes.map(pick)) / 1000;
    return checkLag({
      ...lags,
      loopDelayP99Ms: worst((lane) => lane.loop_delay_p99_us),
      loopDelayMaxMs: worst((lane) => lane.loop_delay_max_us),
      epsMs: thresholds.epsMs,
      acquireMs: thresholds.acquireMs,
      isAside: setAside !== null,
    });
  },
} as const satisfies Guard;
