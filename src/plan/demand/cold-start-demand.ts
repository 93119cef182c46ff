import { formatMs, trim } from '../../base/units.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import { pendingLimitMs } from '../../contract/thresholds.ts';
import { drivenService } from '../../scenario/target/driven.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Fleet } from './fleet.ts';
import { isSteady } from '../planned-phases.ts';
import { coldStart, type ColdStartOutlook } from '../queueing/cold-start.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/**
 * How long the first requests wait when the run starts with no instance. Only the startup delay that the scenario adds
 * is known beforehand, so this is a lower bound.
 */
export function predictColdStart(
  scenario: Pick<Scenario, 'target'>,
  service: Pick<ServiceContract, 'minInstances'>,
  fleet: Fleet,
  first: PlannedPhase | undefined,
): Prediction[] {
  // How an instance starts behind an address is not known.
  if (scenario.target.kind === 'url') return [];
  const { startupDelayMs } = drivenService(scenario.target);
  // The rate of a closed phase is up to the service: its waits can't be predicted.
  if (first === undefined || first.closed !== null || service.minInstances > 0 || startupDelayMs === 0)
    return [];
  const pendingMs = pendingLimitMs(startupDelayMs);
  const outlook = coldStart({
    // Where the rate changes, only the startup itself is certain.
    ratePerSec: isSteady(first) ? first.ratePerSec : 0,
    durationSec: (first.endUs - first.startUs) / 1e6,
    startupSec: startupDelayMs / 1000,
    capacityPerSec: fleet.capacityPerSec,
    pendingLimitSec: pendingMs / 1000,
  });
  const load = isSteady(first) ? `at ${trim(first.ratePerSec, 2)}/s` : `under ${first.shape}`;
  return [
    {
      id: 'cold_start_wait',
      phase: first.name,
      value: outlook.longestWaitSec * 1000,
      unit: 'ms',
      statement:
        `if the load meets no instance, ${load} and ${trim(fleet.capacityPerSec, 2)}/s once up: ` +
        `the longest wait is at least ${formatMs(outlook.longestWaitSec * 1000)} ` +
        `(pending limit ${formatMs(pendingMs)})${isSteady(first) ? refusalWords(outlook) : ''}`,
    },
  ];
}

function refusalWords({ firstRefusedSec, refused }: ColdStartOutlook): string {
  return firstRefusedSec === null
    ? ', nobody is refused'
    : `, ${trim(refused, 0)} are refused, from ${formatMs(firstRefusedSec * 1000)} on`;
}
