import type { ErrorKind } from '../base/errors.ts';
import { findGuard } from '../verdict/summary/find-entry.ts';
import type { Summary } from '../verdict/summary/summary.ts';

/** Every exit code and its one meaning. */
export const exitCodes = {
  /** PASS; DEGRADED too, unless --strict. */
  pass: 0,
  /** A hard bound was broken. */
  fail: 1,
  /** Bad input, a missing environment, a static budget that does not fit: nothing was sent. */
  refused: 2,
  /** The evidence is not good enough for a verdict. */
  inconclusive: 3,
  /** Stopped by a safety condition; everything undone. */
  aborted: 4,
  /** Something is still changed, and where is printed. */
  undoIncomplete: 5,
  /** A defect of poolproof itself. */
  defect: 70,
  /** Ctrl-C; undone, partial report written. */
  interrupted: 130,
  /** SIGTERM; undone, partial report written. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The gravest first: when several apply, the first of them counts. */
const precedence: readonly ExitCode[] = [70, 5, 130, 143, 4, 2, 1, 3, 0];

/** The exit code when several apply. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.pass;
}

/**
 * The code after one more thing has happened: a defect counts whatever there was. Any other failure, such as a verdict
 * that could not be printed, takes nothing from a code that says more than success.
 */
export function onceMore(decided: ExitCode | null, code: ExitCode): ExitCode {
  if (decided === null || decided === exitCodes.pass || code === exitCodes.defect) return code;
  return decided === exitCodes.refused && code !== exitCodes.pass ? code : decided;
}

/** What a verdict exits with. An interrupted run's code depends on the signal, which is not the verdict's to know. */
export function codeOfVerdict(verdict: Summary['verdict'], strict: boolean): ExitCode {
  switch (verdict) {
    case 'PASS':
      return exitCodes.pass;
    case 'DEGRADED':
      return strict ? exitCodes.fail : exitCodes.pass;
    case 'FAIL':
      return exitCodes.fail;
    case 'INCONCLUSIVE':
      return exitCodes.inconclusive;
    case 'ABORTED':
      return exitCodes.aborted;
    case 'INTERRUPTED':
      return exitCodes.interrupted;
  }
}

/**
 * What a judged run exits with. The simulated clients are poolproof's own: when they break their policy (V11), that is a
 * defect of poolproof, whatever the verdict.
 */
export function codeOfSummary(summary: Pick<Summary, 'verdict' | 'validity'>, strict: boolean): ExitCode {
  const isDefect = findGuard(summary, 'V11')?.ok === false;
  return gravest([codeOfVerdict(summary.verdict, strict), ...(isDefect ? [exitCodes.defect] : [])]);
}

/** What a run that got a signal exits with: the signal's own code, unless something graver happened. */
export function codeWhenStopped(code: ExitCode, bySignal: ExitCode | undefined): ExitCode {
  if (bySignal === undefined) return code;
  return code === exitCodes.interrupted ? bySignal : gravest([bySignal, code]);
}

/** What a known error exits with. */
export function codeOfError(kind: ErrorKind): ExitCode {
  if (kind === 'defect') return exitCodes.defect;
  return kind === 'interrupted' ? exitCodes.interrupted : exitCodes.refused;
}
