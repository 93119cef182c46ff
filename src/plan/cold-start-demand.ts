import { formatMs, trim } from '../base/units.ts';
import type { ServiceContract } from '../contract/contract.ts';
import { pendingLimitMs } from '../contract/thresholds.ts';
import { drivenService } from '../scenario/driven.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Fleet } from './fleet.ts';
import { coldStart } from './queueing/cold-start.ts';
import type { PlannedPhase, Prediction } from './run-plan.ts';

/**
 * How long the first requests wait when the run starts with no instance. Only the start that the scenario
 * adds is known beforehand, so this is a lower limit of the wait.
 */
export function predictColdStart(
  scenario: Pick<Scenario, 'target'>,
  service: Pick<ServiceContract, 'minInstances'>,
  fleet: Fleet,
  first: PlannedPhase | undefined,
): Prediction[] {
  const { startupDelayMs } = drivenService(scenario.target);
  if (first === undefined || service.minInstances > 0 || startupDelayMs === 0) return [];
  const pendingMs = pendingLimitMs(startupDelayMs);
  const outlook = coldStart({
    ratePerSec: first.ratePerSec,
    durationSec: (first.endUs - first.startUs) / 1e6,
    startupSec: startupDelayMs / 1000,
    capacityPerSec: fleet.capacityPerSec,
    pendingLimitSec: pendingMs / 1000,
  });
  const refusals =
    outlook.firstRefusedSec === null
      ? 'nobody is refused'
      : `${trim(outlook.refused, 0)} are refused, from ${formatMs(outlook.firstRefusedSec * 1000)} on`;
  return [
    {
      id: 'cold_start_wait',
      phase: first.name,
      value: outlook.longestWaitSec * 1000,
      unit: 'ms',
      statement:
        `if the load meets no instance, at ${trim(first.ratePerSec, 2)}/s and ${trim(fleet.capacityPerSec, 2)}/s once up: ` +
        `the longest wait is at least ${formatMs(outlook.longestWaitSec * 1000)} ` +
        `(pending limit ${formatMs(pendingMs)}), ${refusals}`,
    },
  ];
}
