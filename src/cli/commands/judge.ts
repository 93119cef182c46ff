import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import { judgeAndWrite } from '../../verbs/judge.ts';
import { codeOfSummary, type ExitCode } from '../exit-codes.ts';
import type { JudgeFlags } from '../flags.ts';
import { lookOf } from '../look.ts';
import { printUnwritten } from '../print-error.ts';

/** Judges a stored run again, writes its summary and report anew, and prints the verdict. */
export async function judgeCommand(folder: string, flags: JudgeFlags): Promise<ExitCode> {
  const { summary, unwritten } = await judgeAndWrite(folder, flags);
  printUnwritten(unwritten);
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  return codeOfSummary(summary, flags.strict === true);
}
