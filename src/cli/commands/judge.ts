import { codeOfSummary, type ExitCode } from '../exit-codes.ts';
import { judgeFolder } from '../judge-folder.ts';
import { lookOf } from '../look.ts';
import type { JudgeFlags } from '../flags.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';

/** Repeats the verdict of a stored run from its folder and prints it. */
export async function judgeRun(folder: string, flags: JudgeFlags): Promise<ExitCode> {
  const summary = await judgeFolder(folder, flags);
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  return codeOfSummary(summary, flags.strict === true);
}
