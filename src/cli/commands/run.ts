import { join } from 'node:path';
import { visible } from '../../base/visible.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import { NothingSentError, run, type RunResult } from '../../verbs/run.ts';
import { codeOfSummary, codeWhenStopped, exitCodes, gravest, type ExitCode } from '../exit-codes.ts';
import type { Ending } from '../ending.ts';
import type { RunFlags } from '../flags.ts';
import { lookOf } from '../look.ts';
import { printError, printUnwritten } from '../print-error.ts';
import { painterFor } from '../screen/painter-for.ts';
import { listenForStop } from '../stop-request.ts';

/** Plans, runs, judges and reports one scenario. */
export async function runCommand(file: string, flags: RunFlags, ending: Ending): Promise<ExitCode> {
  const stop = listenForStop(ending);
  try {
    return codeWhenStopped(await runOrStop(file, flags, stop.signal), stop.exitCode());
  } finally {
    stop.dispose();
  }
}

async function runOrStop(file: string, flags: RunFlags, signal: AbortSignal): Promise<ExitCode> {
  try {
    return printResult(await runWithScreen(file, flags, signal), flags, signal);
  } catch (error) {
    if (!(error instanceof NothingSentError)) throw error;
    const undone = printLeftOver(error);
    process.stderr.write(`${visible(error.message)}\n`);
    return gravest([exitCodes.interrupted, ...undone]);
  }
}

/** Standard output stays clean: all that is shown meanwhile goes to standard error. */
async function runWithScreen(file: string, flags: RunFlags, signal: AbortSignal): Promise<RunResult> {
  const painter = painterFor(flags);
  const shown = painter === null ? {} : { onProgress: painter.paint, progressEveryMs: painter.everyMs };
  try {
    return await run(file, { ...flags, ...shown, signal });
  } finally {
    painter?.close();
  }
}

function printResult(result: RunResult, flags: RunFlags, signal: AbortSignal): ExitCode {
  const undone = printLeftOver(result);
  const { folder, summary, unwritten } = result;
  printUnwritten(unwritten);
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  if (unwritten.length === 0) process.stdout.write(`report  ${visible(join(folder, 'report.html'))}\n`);
  // What came as a request to stop has been printed already.
  const failed = result.defect === null || result.defect === signal.reason ? [] : [printError(result.defect)];
  return gravest([codeOfSummary(summary, flags.strict === true), ...undone, ...failed]);
}

function printLeftOver({ folder, leftOver }: Pick<RunResult, 'folder' | 'leftOver'>): readonly ExitCode[] {
  for (const left of leftOver) process.stderr.write(`not undone: ${visible(left)}\n`);
  if (leftOver.length === 0) return [];
  process.stderr.write(`  hint: poolproof undo ${visible(folder)}\n`);
  return [exitCodes.undoIncomplete];
}
