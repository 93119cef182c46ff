import { join } from 'node:path';
import { visible } from '../../base/visible.ts';
import { report } from '../../verbs/report.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';

/** Renders the report files of a judged run again, and prints where they are. */
export async function reportCommand(folder: string): Promise<ExitCode> {
  for (const { name } of await report(folder, { write: true }))
    process.stdout.write(`${visible(join(folder, name))}\n`);
  return exitCodes.pass;
}
