import { visible } from '../../base/visible.ts';
import { validate } from '../../verbs/validate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Says that a scenario is sound. */
export async function validateCommand(file: string): Promise<ExitCode> {
  const { name, traffic } = await validate(file);
  process.stdout.write(`${visible(file)}: a sound scenario "${name}", ${traffic.phases.length} phases\n`);
  return exitCodes.pass;
}
