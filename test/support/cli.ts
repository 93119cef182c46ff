import { readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

export const cliFile = resolve('dist/cli/main.js');

/** What the command line said, and how it ended. */
export interface CliEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs. */
export type RunningCli = ReturnType<typeof startCli>;

/** Starts the built command line, as a user would. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return execa(process.execPath, [cliFile, ...args], { reject: false, env: { ...env, NO_COLOR: '1' } });
}

/** Runs the built command line to its end. */
export async function runCli(args: readonly string[], env: Record<string, string> = {}): Promise<CliEnd> {
  const { exitCode, stdout, stderr } = await startCli(args, env);
  return { exitCode, stdout, stderr };
}

/** A fresh folder for run folders. */
export async function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'poolproof-test-'));
}

/** The only run folder below the folder. */
export function onlyRunFolder(out: string): string {
  const [name, ...others] = readdirSync(out);
  if (name === undefined || others.length > 0)
    throw new Error(`expected one run folder in ${out}, found ${readdirSync(out).join(', ') || 'none'}`);
  return join(out, name);
}
