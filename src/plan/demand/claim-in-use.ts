import type { Fleet } from './fleet.ts';
import type { PlannedPhase, Prediction } from '../run-plan.ts';

/** What a phase that asks for all sessions of the pools comes to. */
export function claimInUse({ name }: PlannedPhase, { claim }: Fleet): Prediction {
  return {
    id: 'peak_backends',
    phase: name,
    value: claim,
    unit: 'sessions',
    statement: `the pools are saturated: all of the claim, ${claim} sessions, is in use`,
  };
}
