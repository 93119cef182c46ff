import { loadScenario } from '../scenario/load-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { PlanOptions } from './plan.ts';

/**
 * Reads a scenario and everything that it names, and plans nothing. Throws one `InputError` with everything that is
 * wrong in all the files, each problem with its place.
 */
export function validate(
  file: string,
  { env = process.env }: Pick<PlanOptions, 'env'> = {},
): Promise<Scenario> {
  return loadScenario(file, { env });
}
