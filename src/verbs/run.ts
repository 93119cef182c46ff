import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wallMs } from '../base/clock.ts';
import {
  type DefectError,
  EnvironmentError,
  InputError,
  InterruptedError,
  messageOf,
  type Problem,
} from '../base/errors.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import { runFolderName } from '../evidence/run-files.ts';
import type { Summary } from '../verdict/summary/summary.ts';
import { checkSurroundings } from './check-surroundings.ts';
import { conduct, hasEvidence } from './conduct.ts';
import { judgeAndWrite } from './judge.ts';
import { plan, refusals, type PlanOptions } from './plan.ts';
import type { ProgressOptions } from './progress.ts';

/** How a scenario is run. */
export interface RunOptions extends PlanOptions, ProgressOptions {
  /** The folder that the run's own folder is made in; `reports` unless given. */
  readonly out?: string;
  /** Stops the run: no more load, everything undone, and what was recorded is judged. */
  readonly signal?: AbortSignal;
}

/** A run that was judged. */
export interface RunResult {
  /** The run's own folder, with its evidence, `summary.json` and the report files. */
  readonly folder: string;
  /** Of a run that was stopped, the verdict is INTERRUPTED and the rest is what was seen until then. */
  readonly summary: Summary;
  /** Files of the verdict and the report that could not be written, and why: a full disk. Empty as a rule. */
  readonly unwritten: readonly Problem[];
  /** What could not be undone, a line each: `undo(folder)` tries again. Empty as a rule. */
  readonly leftOver: readonly string[];
  /** A part of poolproof that failed by itself and ended the run; null as a rule. */
  readonly defect: DefectError | null;
}

/** The run was stopped before it had sent anything: there is nothing to judge. */
export class NothingSentError extends InterruptedError {
  readonly folder: string;
  /** What could not be undone, a line each; the folder is kept where there is any, and only then. */
  readonly leftOver: readonly string[];

  constructor(folder: string, leftOver: readonly string[]) {
    const kept = leftOver.length > 0 ? 'only what is to be undone is kept' : 'nothing is kept';
    super([{ message: `interrupted before the first phase; ${kept}` }]);
    this.folder = folder;
    this.leftOver = leftOver;
  }
}

/**
 * Plans, runs, judges and reports one scenario. Everything that was started has ended, and what was changed is changed
 * back, when this resolves or rejects. A broken bound is a verdict, not an error. Throws
 * - `InputError`, with everything that is wrong in the files, or with the static checks that refuse the plan;
 * - `EnvironmentError`, where the run could not take place: Postgres, the service, Docker, a folder;
 * - `NothingSentError`, where the signal came before any load.
 */
export async function run(file: string, options: RunOptions = {}): Promise<RunResult> {
  const planned = await plan(file, options);
  const refused = refusals(planned);
  if (refused.length > 0) throw new InputError(refused.map(problemOf));
  const startedAtMs = wallMs();
  await checkSurroundings();
  const folder = await makeRunFolder(
    options.out ?? 'reports',
    runFolderName(startedAtMs, planned.scenario.name),
  );
  const signal = options.signal ?? new AbortController().signal;
  const { record, leftOver, defect } = await conduct(planned, { ...options, folder, startedAtMs, signal });
  if (!hasEvidence(record)) throw new NothingSentError(folder, leftOver);
  return { folder, ...(await judgeAndWrite(folder)), leftOver, defect };
}

function problemOf({ message, overcommit }: StaticCheck): Problem {
  const hint =
    'to reproduce an incident all the same: --accept-overcommit, or safety: { accept_overcommit: true }';
  return overcommit ? { message, hint } : { message };
}

/** How many runs of one name may begin within one second. */
const maxSameSecond = 100;

/** False where it is there already. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Makes a folder that no other run has: those of the same name and second get a number. */
async function makeRunFolder(out: string, name: string): Promise<string> {
  try {
    await makeFolder(out);
    for (let number = 1; ; number += 1) {
      const folder = join(out, number === 1 ? name : `${name}-${number}`);
      if (await isMade(folder)) return folder;
      if (number === maxSameSecond) throw new Error(`${folder} is there already`);
    }
  } catch (error) {
    const hint = '--out names another one';
    throw new EnvironmentError([
      { message: `can't make the run folder ${name} in ${out}: ${messageOf(error)}`, hint },
    ]);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** Node.js says of a folder in a read-only place that it is not there; made alone, it says why. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch {
    await mkdir(path);
  }
}
