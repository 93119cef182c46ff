import { trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';

/*
 * The path to the service is short compared with what is measured at its end:
 *
 *     3 x p99(ping) <= T_acq / 2
 *
 * before load and during it, the worse of the two. No instance answers the ping. Where the path alone takes longer, a
 * limit of about T_acq can't be judged from here; raising the allowance silently would hide that.
 */

export interface PingInput {
  /** Null when there was no ping. */
  readonly pingP99Ms: number | null;
  /** Null where it did not go on during load. */
  readonly loadPingP99Ms: number | null;
  readonly acquireMs: number;
}

export function checkPing({ pingP99Ms, loadPingP99Ms, acquireMs }: PingInput): GuardResult {
  const limit = acquireMs / 6;
  const value = pingP99Ms === null ? null : Math.max(pingP99Ms, loadPingP99Ms ?? 0);
  const base = { value, limit, unit: 'ms', disturbanceMs: null } as const;
  if (pingP99Ms === null || value === null)
    return { ...base, ok: false, reason: 'no ping was recorded: what the path costs is unknown' };
  const inLoad = loadPingP99Ms === null ? '' : `, ${trim(loadPingP99Ms, 2)} ms during load`;
  const reason = `ping p99 ${trim(pingP99Ms, 2)} ms${inLoad} (limit ${trim(limit, 0)})`;
  return { ...base, ok: value <= limit, reason };
}

export const ping = {
  id: 'V04',
  name: 'ping',
  title: 'the path to the service is short',
  meaning: 'The round trip to the service is short compared with the limits that are judged.',
  provenance: 'observed',
  check: ({ pingP99Ms, loadPingP99Ms }: RunFacts, { thresholds }: ServiceFacts) =>
    checkPing({ pingP99Ms, loadPingP99Ms, acquireMs: thresholds.acquireMs }),
} as const satisfies Guard;
