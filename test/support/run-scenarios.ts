import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../src/verdict/summary/summary.ts';
import { inLanes } from './in-lanes.mjs';
import { freshFolder, onlyRunFolder, startCli, type CliEnd, type RunningCli } from './cli.ts';

/** A run that came to its verdict. */
export interface JudgedRun {
  readonly end: CliEnd;
  readonly folder: string;
  readonly summary: Summary;
}

/** Guards that a busy machine breaks: worth another try, and no excuse after the last. */
const ours: readonly string[] = ['V01', 'V02', 'V03', 'V04'];

const triesAlone = 2;

/**
 * Runs the scenarios, a few at a time: most of the time each of them waits. One that did not come to what was promised,
 * with a guard broken, is run again, alone: two may have been each other's load.
 */
export async function runInLanes(
  lanes: number,
  files: readonly string[],
  promised: Summary['verdict'],
): Promise<ReadonlyMap<string, JudgedRun>> {
  const judged = await inLanes(lanes, files, async (file) => ({ file, run: await runOnce(file) }));
  const settled = new Map<string, JudgedRun>();
  for (const { file, run } of judged) settled.set(file, await runAgain(file, run, promised));
  return settled;
}

/** Runs the scenarios one after another. */
export async function runAlone(
  files: readonly string[],
  promised: Summary['verdict'],
): Promise<ReadonlyMap<string, JudgedRun>> {
  return runInLanes(1, files, promised);
}

async function runOnce(file: string): Promise<JudgedRun> {
  const out = await freshFolder();
  const end = await endOf(startCli(['run', file, '--out', out, '--progress', 'plain']));
  const folder = onlyRunFolder(out);
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  return { end, folder, summary };
}

async function endOf(cli: RunningCli): Promise<CliEnd> {
  const { exitCode, stdout, stderr } = await cli;
  return { exitCode, stdout, stderr };
}

/** INCONCLUSIVE says "run it again", and so does a guard. The last run counts, whatever it says. */
async function runAgain(file: string, first: JudgedRun, promised: Summary['verdict']): Promise<JudgedRun> {
  let run = first;
  for (let left = triesAlone; left > 0 && !isSettled(run, promised); left -= 1) {
    console.warn(`${file} did not settle, running it again alone:\n${run.end.stdout}`);
    run = await runOnce(file);
  }
  return run;
}

/** What was promised came true, or nothing on this machine kept it from that. */
function isSettled({ end, summary }: JudgedRun, promised: Summary['verdict']): boolean {
  if (summary.verdict === promised) return true;
  return end.exitCode !== 3 && summary.validity.every(({ id, ok }) => ok || !ours.includes(id));
}
