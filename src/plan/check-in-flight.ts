import type { StaticCheck } from '../contract/check-contract.ts';
import { mostWithin } from './arrival-counts.ts';
import type { Arrivals } from './run-plan.ts';

/** No request that goes through a database is answered faster. */
const soonestUs = 1000;

/**
 * Simultaneous arrivals are in flight together, whatever the service does. Those beyond `max_in_flight` are certain to be
 * dropped, and a run that drops more than one in a thousand proves nothing (V02).
 */
export function checkInFlight({ intendedUs }: Arrivals, maxInFlight: number): StaticCheck[] {
  const most = mostWithin(intendedUs, soonestUs);
  if (most <= maxInFlight) return [];
  return [
    {
      id: 'in-flight',
      level: 'warning',
      message: `${most} arrivals within ${soonestUs / 1000} ms, max_in_flight ${maxInFlight}: ${most - maxInFlight} of them will be dropped, not sent`,
      overcommit: false,
    },
  ];
}
