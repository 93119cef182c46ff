import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { asKnownError } from '../base/system-error.ts';
import { formatProblem, KnownError, messageOf, type Problem } from '../base/errors.ts';
import { shownSaid } from '../base/secrets/secrets.ts';
import { visible } from '../base/visible.ts';
import { codeOfError, exitCodes, type ExitCode } from './exit-codes.ts';

/** Writes what went wrong to standard error, a line each; where the details of a defect are, too. Returns the exit code. */
export function printError(error: unknown): ExitCode {
  const known = asKnownError(error);
  if (known === null || known.kind === 'defect') return printDefect(error);
  for (const problem of known.problems) process.stderr.write(`error: ${formatProblem(problem)}\n`);
  if (known.problems.length > 1) process.stderr.write(`${known.problems.length} problems\n`);
  return codeOfError(known.kind);
}

/** Says which files of a verdict could not be written. The verdict stands. */
export function printUnwritten([first, ...others]: readonly Problem[]): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : `, and ${others.length} more files`;
  const hint = 'make room, then: poolproof judge FOLDER';
  process.stderr.write(`error: ${formatProblem({ ...first, message: first.message + more, hint })}\n`);
}

function printDefect(error: unknown): ExitCode {
  const [message = ''] = messageOf(error).split('\n');
  const details = visible(shownSaid(inspect(error instanceof KnownError ? (error.cause ?? error) : error)));
  const file = join(tmpdir(), `poolproof-defect-${process.pid}.txt`);
  process.stderr.write(
    `This is a defect of poolproof, please report it: ${visible(shownSaid(message))}; ${where(file, details)}\n`,
  );
  return exitCodes.defect;
}

/** Where the details can be read: in a file, or here where none can be written. */
function where(file: string, details: string): string {
  try {
    writeFileSync(file, `${details}\n`, { mode: 0o600 });
    return `details in ${file}`;
  } catch {
    return `details:\n${details}`;
  }
}
