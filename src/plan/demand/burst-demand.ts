import { formatMs, trim } from '../../base/units.ts';
import { claimInUse } from './claim-in-use.ts';
import type { Fleet } from './fleet.ts';
import { mostWithin } from '../arrival-counts.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/**
 * How many sessions a burst needs: with a session for each request, at most those that arrive within one hold time S are
 * served at the same time. For a steady rate this is Little's lambda S.
 */
export function predictBurst(
  phase: PlannedPhase,
  fleet: Fleet,
  momentsUs: readonly number[] | Float64Array,
): Prediction[] {
  const holdSec = fleet.holdSec / fleet.holdShare;
  const most = mostWithin(momentsUs, holdSec * 1e6);
  const demand = most * fleet.holdShare;
  const share = fleet.holdShare === 1 ? '' : ` and ${trim(fleet.holdShare, 3)} of all hold one`;
  const predictions: Prediction[] = [
    {
      id: 'sessions_at_once',
      phase: phase.name,
      value: Math.min(demand, fleet.sessions),
      unit: 'sessions',
      statement:
        `at most ${most} of the arrivals come within one hold of ${formatMs(holdSec * 1000)}${share}: ` +
        `${trim(demand, 2)} sessions at once, of ${fleet.sum} = ${fleet.sessions} in the pools`,
    },
  ];
  return demand < fleet.sessions ? predictions : [...predictions, claimInUse(phase, fleet)];
}
