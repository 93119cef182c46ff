import { plan, refusals } from '../../verbs/plan.ts';
import { describePlan, planAsJson } from '../describe-plan.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { PlanFlags } from '../flags.ts';
import { lookOf } from '../look.ts';

/** Shows what `run` would do. Exits 2 when `run` would refuse. */
export async function planCommand(file: string, flags: PlanFlags): Promise<ExitCode> {
  const made = await plan(file, flags);
  process.stdout.write(
    flags.json === true ? planAsJson(made) : describePlan(made, lookOf(process.stdout, true)),
  );
  return refusals(made).length > 0 ? exitCodes.refused : exitCodes.pass;
}
