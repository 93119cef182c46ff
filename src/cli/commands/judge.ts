import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import { judge } from '../../verbs/judge.ts';
import { codeOfSummary, type ExitCode } from '../exit-codes.ts';
import type { JudgeFlags } from '../flags.ts';
import { lookOf } from '../look.ts';

/** Judges a stored run again, writes its summary and report anew, and prints the verdict. */
export async function judgeCommand(folder: string, flags: JudgeFlags): Promise<ExitCode> {
  const summary = await judge(folder, { ...flags, write: true });
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  return codeOfSummary(summary, flags.strict === true);
}
