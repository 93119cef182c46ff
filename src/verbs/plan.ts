import type { StaticCheck } from '../contract/check-contract.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { loadScenario } from '../scenario/load-scenario.ts';

/** What may be said over a scenario file. */
export interface PlanOptions {
  /** In place of the scenario's own seed. */
  readonly seed?: number;
  /** Accepts a static budget that does not fit; no verdict changes by it. */
  readonly acceptOvercommit?: boolean;
  /** What `${env:NAME}` is filled from; the environment of this process unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads a scenario and plans it: the budget, the static checks, every arrival and what queueing theory predicts.
 * Sends nothing. Throws one `InputError` with everything that is wrong in the files.
 */
export async function plan(file: string, options: PlanOptions = {}): Promise<RunPlan> {
  const { seed, acceptOvercommit, env = process.env } = options;
  const scenario = await loadScenario(file, {
    env,
    ...(seed === undefined ? {} : { seed }),
    ...(acceptOvercommit === undefined ? {} : { acceptOvercommit }),
  });
  return makePlan(scenario);
}

/** The static checks for which `run` would refuse this plan: refusals that nobody has accepted in words. */
export function refusals({ checks, scenario }: RunPlan): readonly StaticCheck[] {
  const { acceptOvercommit } = scenario.safety;
  return checks.filter((check) => check.level === 'refusal' && !(check.overcommit && acceptOvercommit));
}
