import { describePlan, planAsJson } from '../describe-plan.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { loadPlan, refusals, type PlanFlags } from '../load-plan.ts';
import { lookOf } from '../look.ts';

/** Shows what `run` would do. Exits 2 when `run` would refuse. */
export async function plan(file: string, flags: PlanFlags & { readonly json?: boolean }): Promise<ExitCode> {
  const made = await loadPlan(file, flags);
  process.stdout.write(
    flags.json === true ? planAsJson(made) : describePlan(made, lookOf(process.stdout, true)),
  );
  return refusals(made).length > 0 ? exitCodes.refused : exitCodes.pass;
}
