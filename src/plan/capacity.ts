import { followsCapacity } from '../scenario/traffic/at-capacity.ts';
import { drivenContract } from '../scenario/driven.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { makeFleet } from './demand/fleet.ts';
import { holdTimeOf } from './demand/hold-time.ts';

/** What rates of the capacity are multiples of. */
export interface PlannedCapacity {
  readonly perSec: number;
  /** `fleet`: by the declared pools and holds. `start`: nothing better is known than where the measurement begins. */
  readonly by: 'measured' | 'fleet' | 'start';
}

/** The capacity that a plan stands on: what was measured, else what was declared; null where no rate follows it. */
export function capacityOf(scenario: Scenario, measuredPerSec: number | null): PlannedCapacity | null {
  const { calibrate, traffic, requests } = scenario;
  if (calibrate === undefined || !followsCapacity(traffic)) return null;
  if (measuredPerSec !== null) return { perSec: measuredPerSec, by: 'measured' };
  const hold = holdTimeOf(requests);
  return hold === null
    ? { perSec: calibrate.startPerSec, by: 'start' }
    : { perSec: makeFleet(drivenContract(scenario), hold).capacityPerSec, by: 'fleet' };
}
