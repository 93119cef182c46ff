import { formatProblem, KnownError } from '../base/errors.ts';
import { visible } from '../base/visible.ts';
import { shownSaid } from '../base/secrets.ts';
import { codeOfError, exitCodes, type ExitCode } from './exit-codes.ts';

/** Writes what went wrong to standard error: lines for known errors, a stack for defects alone. Returns the exit code. */
export function printError(error: unknown): ExitCode {
  if (error instanceof KnownError) {
    for (const problem of error.problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
    if (error.problems.length > 1) process.stderr.write(`${error.problems.length} problems\n`);
    return codeOfError(error.kind);
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a defect of poolproof, please report it:\n${visible(shownSaid(stack))}\n`);
  return exitCodes.defect;
}
