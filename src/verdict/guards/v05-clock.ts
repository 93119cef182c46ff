import { formatMs } from '../../base/units.ts';
import { clockSkew, type ClockSkew } from '../facts/requests/clock-skew.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * The two clocks are nearly one:
 *
 *     skew = max(50 ms, error of the offset + deviation since) <= T_acq / 4
 *
 * Only comparing moments on the server with moments on this machine needs it, as for work done for a request that is
 * over (B13). Ages are differences on the server's own clock.
 */

export interface ClockInput {
  /** Null where the clocks were never compared. */
  readonly skew: ClockSkew | null;
  readonly acquireMs: number;
}

export function checkClock({ skew, acquireMs }: ClockInput): GuardResult {
  const limit = acquireMs / 4;
  const base = { limit, unit: 'ms', disturbanceMs: null } as const;
  if (skew === null)
    return { ...base, ok: false, value: null, reason: "the database's clock was never compared with ours" };
  const { skewMs, offsetErrorMs, driftMs } = skew;
  const reason = `the database's clock is within ${formatMs(skewMs)} of ours (offset known to ${formatMs(offsetErrorMs)}, drift ${formatMs(driftMs)} over the run; limit ${formatMs(limit)})`;
  return { ...base, ok: skewMs <= limit, value: skewMs, reason };
}

export const clock = {
  id: 'V05',
  name: 'clock',
  title: 'the clocks agree',
  meaning: "The server's clock and this machine's are known to agree closely enough.",
  provenance: 'observed',
  check: ({ samples, evidence }: RunFacts, { thresholds }: ServiceFacts) =>
    checkClock({ skew: clockSkew(samples, evidence.run.database_clock), acquireMs: thresholds.acquireMs }),
} as const satisfies Guard;
