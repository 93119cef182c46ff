import { floatsOf } from '../../../base/floats.ts';
import type { PingEvent } from '../../../evidence/event.ts';
import { quantile } from '../../statistics/quantile.ts';
import type { Stalls } from '../stalls/stalls.ts';

/** More of the round trips than this in stalls of ours, and the rest says too little of the path. */
const mostAside = 0.05;

/** p99 of the round trips, without the few that a stall of the harness touched; microseconds. */
export function pingP99Us({ p99_us: p99Us, trips = [] }: PingEvent, stalls: Stalls): number {
  const kept = trips.filter(
    ({ from_us: fromUs, took_us: tookUs }) => stalls.tookUs('pings', fromUs, fromUs + tookUs) === 0,
  );
  const aside = trips.length - kept.length;
  if (aside === 0 || aside > mostAside * trips.length) return p99Us;
  return (
    quantile(
      floatsOf(kept, ({ took_us: tookUs }) => tookUs),
      0.99,
    ) ?? p99Us
  );
}
