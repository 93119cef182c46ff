import type { StaticCheck } from '../contract/check-contract.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { loadScenario } from '../scenario/load-scenario.ts';

/** What the command line may say over a scenario file. */
export interface PlanFlags {
  readonly seed?: number;
  readonly acceptOvercommit?: boolean;
}

/** Loads a scenario and plans it; sends nothing. Throws `InputError` with all problems. */
export async function loadPlan(file: string, flags: PlanFlags): Promise<RunPlan> {
  const scenario = await loadScenario(file, {
    env: process.env,
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.acceptOvercommit === undefined ? {} : { acceptOvercommit: flags.acceptOvercommit }),
  });
  return makePlan(scenario);
}

/** The static checks that stop a run: refusals that nobody lifted in words. */
export function refusals(plan: RunPlan): readonly StaticCheck[] {
  const { acceptOvercommit } = plan.scenario.safety;
  return plan.checks.filter((check) => check.level === 'refusal' && !(check.overcommit && acceptOvercommit));
}
