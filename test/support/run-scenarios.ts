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

/** INCONCLUSIVE says "run it again": a busy machine may have kept the generator from its schedule. */
const triesAlone = 2;

/**
 * Runs the scenarios, a few beside each other: most of the time each of them waits. What ends INCONCLUSIVE is run again
 * by itself, for two may have been each other's load.
 */
export async function runBesideEachOther(
  files: readonly string[],
  lanes: number,
): Promise<ReadonlyMap<string, JudgedRun>> {
  const judged = await inLanes(lanes, files, async (file) => ({ file, run: await runOnce(file) }));
  const settled = new Map<string, JudgedRun>();
  for (const { file, run } of judged) settled.set(file, await runAgain(file, run));
  return settled;
}

/** Runs the scenarios one after another. */
export async function runInTurn(files: readonly string[]): Promise<ReadonlyMap<string, JudgedRun>> {
  return runBesideEachOther(files, 1);
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

async function runAgain(file: string, first: JudgedRun): Promise<JudgedRun> {
  let run = first;
  for (let left = triesAlone; left > 0 && run.end.exitCode === 3; left -= 1) {
    console.warn(`${file} was INCONCLUSIVE, running it again:\n${run.end.stdout}`);
    run = await runOnce(file);
  }
  return run;
}
