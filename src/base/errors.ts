import { visible } from './visible.ts';
import { shown, shownSaid } from './secrets/secrets.ts';

/** A position in a user's file, counted from 1 as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong, in one line, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
}

/** The kinds of known errors; the command line maps each to an exit code. */
export type ErrorKind = 'input' | 'environment' | 'evidence' | 'interrupted' | 'defect';

/** Nobody reads more of them at once, and finding the place of each takes time. */
export const mostProblems = 100;

/** An error whose problems are shown as lines, never as a stack trace. All problems are shown at once. */
export abstract class KnownError extends Error {
  abstract readonly kind: ErrorKind;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    const told = firstOf(problems).map(withoutSecrets);
    super(told.map(formatProblem).join('\n'), options);
    this.problems = told;
    this.name = new.target.name;
  }
}

/** Its place is that of a file which the person has named, and stays. */
function withoutSecrets({ message, hint, place }: Problem): Problem {
  return {
    message: shown(message),
    ...(place === undefined ? {} : { place }),
    ...(hint === undefined ? {} : { hint: shown(hint) }),
  };
}

/** The user's input is wrong: a file, a flag, a contradiction between two sources. */
export class InputError extends KnownError {
  readonly kind = 'input';
}

/** Something the run needs is missing or broken: Postgres, a port, the service's own command. */
export class EnvironmentError extends KnownError {
  readonly kind = 'environment';
}

/** A stored run can't be read: missing, of another version, damaged beyond what can be judged. */
export class EvidenceError extends KnownError {
  readonly kind = 'evidence';
}

/** The user asked to stop. */
export class InterruptedError extends KnownError {
  readonly kind = 'interrupted';
}

/** A part of poolproof failed by itself. What caused it is the `cause`. */
export class DefectError extends KnownError {
  readonly kind = 'defect';
}

/** The first of them, and that there are more. */
function firstOf(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostProblems) return problems;
  return [
    ...problems.slice(0, mostProblems),
    { message: `and more: only the first ${mostProblems} are shown` },
  ];
}

/** `file:line:column message`, which editors and terminals turn into a link, then the hint. */
export function formatProblem(problem: Problem): string {
  const where = problem.place === undefined ? '' : `${formatPlace(problem.place)} `;
  const hint = problem.hint === undefined ? '' : `\n  hint: ${problem.hint}`;
  return visible(`${where}${problem.message}${hint}`);
}

/** `file:line:column`. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** The message of anything that was thrown; what a server or a system says may quote what must not be shown. */
export function messageOf(error: unknown): string {
  if (error instanceof KnownError) return error.message;
  return shownSaid(error instanceof Error ? error.message : String(error));
}
