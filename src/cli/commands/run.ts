import { join } from 'node:path';
import { visible } from '../../base/visible.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import { NothingSentError, run, type RunResult } from '../../verbs/run.ts';
import { codeOfSummary, codeWhenStopped, exitCodes, gravest, type ExitCode } from '../exit-codes.ts';
import type { RunFlags } from '../flags.ts';
import { lookOf } from '../look.ts';
import { painterFor } from '../screen/painter-for.ts';
import { listenForStop } from '../stop-request.ts';

/** Plans, runs, judges and reports one scenario. */
export async function runCommand(file: string, flags: RunFlags): Promise<ExitCode> {
  const stop = listenForStop();
  try {
    return codeWhenStopped(await runOrStop(file, flags, stop.signal), stop.exitCode());
  } finally {
    stop.dispose();
  }
}

async function runOrStop(file: string, flags: RunFlags, signal: AbortSignal): Promise<ExitCode> {
  try {
    return printResult(await runWithScreen(file, flags, signal), flags);
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

function printResult(result: RunResult, flags: RunFlags): ExitCode {
  const undone = printLeftOver(result);
  const { folder, summary } = result;
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  process.stdout.write(`report  ${visible(join(folder, 'report.html'))}\n`);
  return gravest([codeOfSummary(summary, flags.strict === true), ...undone]);
}

function printLeftOver({ folder, leftOver }: Pick<RunResult, 'folder' | 'leftOver'>): readonly ExitCode[] {
  for (const left of leftOver) process.stderr.write(`not undone: ${visible(left)}\n`);
  if (leftOver.length === 0) return [];
  process.stderr.write(`  hint: poolproof undo ${visible(folder)}\n`);
  return [exitCodes.undoIncomplete];
}
