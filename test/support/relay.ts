import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Summary } from '../../src/verdict/summary.ts';
import { freshFolder, onlyRunFolder, startCli, type CliEnd, type RunningCli } from './cli.ts';

/** A run that came to its verdict. */
export interface JudgedRun {
  readonly end: CliEnd;
  readonly folder: string;
  readonly summary: Summary;
}

interface StartedRun {
  /** Resolves when it has no stress before it any more. */
  readonly recovers: Promise<void>;
  readonly ended: Promise<CliEnd>;
  readonly out: string;
}

/** So long after a recovery has begun the next run starts: the stress of that one comes after the end of this one. */
const handOverMs = 10_000;

/** INCONCLUSIVE says "run it again": a busy machine may have kept the generator from its schedule. */
const triesAlone = 2;

/**
 * Runs the scenarios one after another; each starts while the one before it recovers. Both are nearly idle then, and
 * no stress ever meets another. What ends INCONCLUSIVE is run again in the end, by itself.
 */
export async function runInRelay(files: readonly string[]): Promise<ReadonlyMap<string, JudgedRun>> {
  const started = new Map<string, StartedRun>();
  for (const file of files) {
    const run = await start(file);
    started.set(file, run);
    await Promise.race([run.ended, run.recovers.then(() => delay(handOverMs))]);
  }
  const judged = new Map<string, JudgedRun>();
  for (const [file, run] of started) judged.set(file, await judgedRun(run));
  for (const [file, run] of judged) judged.set(file, await runAgain(file, run));
  return judged;
}

async function start(file: string): Promise<StartedRun> {
  const out = await freshFolder();
  const cli = startCli(['run', file, '--out', out, '--progress', 'plain']);
  const recovers = new Promise<void>((resolve) => {
    cli.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes(' recovery ')) resolve();
    });
  });
  return { recovers, ended: endOf(cli), out };
}

async function endOf(cli: RunningCli): Promise<CliEnd> {
  const { exitCode, stdout, stderr } = await cli;
  return { exitCode, stdout, stderr };
}

async function judgedRun({ ended, out }: StartedRun): Promise<JudgedRun> {
  const end = await ended;
  const folder = onlyRunFolder(out);
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
  return { end, folder, summary };
}

async function runAgain(file: string, first: JudgedRun): Promise<JudgedRun> {
  let run = first;
  for (let left = triesAlone; left > 0 && run.end.exitCode === 3; left -= 1) {
    console.warn(`${file} was INCONCLUSIVE, running it again:\n${run.end.stdout}`);
    run = await judgedRun(await start(file));
  }
  return run;
}
