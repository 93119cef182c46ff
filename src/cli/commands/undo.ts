import { EvidenceError, formatProblem } from '../../base/errors.ts';
import { visible } from '../../base/visible.ts';
import { undo, type UndoResult } from '../../verbs/undo.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import type { UndoFlags } from '../flags.ts';
import { printError } from '../print-error.ts';

/** Takes back what a run has left changed. Exits 5 as long as something still is. */
export async function undoCommand(folder: string, flags: UndoFlags): Promise<ExitCode> {
  try {
    return print(await undo(folder, flags));
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    printError(error);
    return exitCodes.undoIncomplete;
  }
}

function print({ entries, remarks }: UndoResult): ExitCode {
  for (const remark of remarks) process.stderr.write(`${formatProblem(remark)}\n`);
  if (entries.length === 0) process.stdout.write('nothing is to be undone\n');
  for (const { changes, failure } of entries)
    if (failure === null) process.stdout.write(`undone: ${visible(changes)}\n`);
    else process.stderr.write(`still changed: ${visible(changes)}\n  ${visible(failure)}\n`);
  return entries.some(({ failure }) => failure !== null) ? exitCodes.undoIncomplete : exitCodes.pass;
}
