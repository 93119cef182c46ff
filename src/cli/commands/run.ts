import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wallMs } from '../../base/clock.ts';
import { EnvironmentError, InputError, messageOf, type Problem } from '../../base/errors.ts';
import type { StaticCheck } from '../../contract/check-contract.ts';
import { runFolderName } from '../../evidence/run-files.ts';
import { renderTerminal } from '../../report/terminal/render-terminal.ts';
import type { RunEnd } from '../../run/run.ts';
import { conduct } from '../conduct.ts';
import { codeOfSummary, codeWhenStopped, exitCodes, gravest, type ExitCode } from '../exit-codes.ts';
import type { RunFlags } from '../flags.ts';
import { hasEvidence } from '../has-evidence.ts';
import { judgeFolder } from '../judge-folder.ts';
import { loadPlan, refusals } from '../load-plan.ts';
import { lookOf } from '../look.ts';
import { listenForStop } from '../stop-request.ts';

/** Plans, runs, judges and reports one scenario. */
export async function runScenario(file: string, flags: RunFlags): Promise<ExitCode> {
  const plan = await loadPlan(file, flags);
  const refused = refusals(plan);
  if (refused.length > 0) throw new InputError(refused.map(problemOf));
  const startedAtMs = wallMs();
  const folder = join(flags.out, runFolderName(startedAtMs, plan.scenario.name));
  await makeRunFolder(folder);
  const stop = listenForStop();
  try {
    const end = await conduct(plan, { folder, startedAtMs, signal: stop.signal, flags });
    const code = await conclude(folder, end, flags);
    return codeWhenStopped(code, stop.exitCode());
  } finally {
    stop.dispose();
  }
}

function problemOf({ message, overcommit }: StaticCheck): Problem {
  const hint =
    'to reproduce an incident all the same: --accept-overcommit, or safety: { accept_overcommit: true }';
  return overcommit ? { message, hint } : { message };
}

async function makeRunFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new EnvironmentError([{ message: `can't make the run folder ${folder}: ${messageOf(error)}` }]);
  }
}

/** Says what is left over, judges what was recorded, and prints the verdict. */
async function conclude(folder: string, end: RunEnd, flags: RunFlags): Promise<ExitCode> {
  for (const left of end.leftOver) process.stderr.write(`not undone: ${left}\n`);
  if (end.leftOver.length > 0) process.stderr.write(`  hint: poolproof undo ${folder}\n`);
  const undone = end.leftOver.length > 0 ? [exitCodes.undoIncomplete] : [];
  if (!hasEvidence(end.record)) {
    const kept = undone.length > 0 ? 'only what is to be undone is kept' : 'nothing is kept';
    process.stderr.write(`interrupted before the first phase; ${kept}\n`);
    return gravest([exitCodes.interrupted, ...undone]);
  }
  const summary = await judgeFolder(folder);
  process.stdout.write(renderTerminal(summary, lookOf(process.stdout, flags.color)));
  process.stdout.write(`report  ${join(folder, 'report.html')}\n`);
  return gravest([codeOfSummary(summary, flags.strict === true), ...undone]);
}
