import { followsCapacity } from '../scenario/traffic/at-capacity.ts';
import { drivenContract } from '../scenario/target/driven.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { makeFleet } from './demand/fleet.ts';
import { holdTimeOf } from './demand/hold-time.ts';

/** The capacity that relative rates are multiples of. */
export interface PlannedCapacity {
  readonly perSec: number;
  /** `fleet`: from the declared pools and hold times. `start`: the measurement's first rate, for want of anything better. */
  readonly by: 'measured' | 'fleet' | 'start';
}

/** The capacity that a plan uses: the measured one, or else the declared one; null where no rate is relative to it. */
export function capacityOf(scenario: Scenario, measuredPerSec: number | null): PlannedCapacity | null {
  const { calibrate, traffic, requests } = scenario;
  if (calibrate === undefined || !followsCapacity(traffic)) return null;
  if (measuredPerSec !== null) return { perSec: measuredPerSec, by: 'measured' };
  const hold = holdTimeOf(requests);
  return hold === null
    ? { perSec: calibrate.startPerSec, by: 'start' }
    : { perSec: makeFleet(drivenContract(scenario), hold).capacityPerSec, by: 'fleet' };
}
