import type { Fleet } from './fleet.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/** The prediction for a phase that needs every session of the pools. */
export function claimInUse({ name }: PlannedPhase, { claim }: Fleet): Prediction {
  return {
    id: 'peak_backends',
    phase: name,
    value: claim,
    unit: 'sessions',
    statement: `the pools are saturated: all of the claim, ${claim} sessions, is in use`,
  };
}
