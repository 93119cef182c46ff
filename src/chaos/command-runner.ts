import { execa } from 'execa';
import { EnvironmentError } from '../base/errors.ts';
import type { ProcessGuard } from '../base/process-guard.ts';
import { redact } from '../base/redact.ts';

export type Command = readonly [string, ...string[]];

/** Runs the commands of a scenario, in its folder. */
export interface CommandRunner {
  readonly cwd: string;
  /** Yields the end of what the command printed. Rejects unless it exits with 0, in time. */
  run(command: Command, timeoutMs: number): Promise<string>;
  /** Whether nothing in it is a secret: then it may be written down. */
  mayBeShown(command: Command): boolean;
}

export interface CommandSetting {
  /** The scenario's folder. */
  readonly cwd: string;
  /** What must not be shown. */
  readonly secrets: readonly string[];
  /** No command outlives the run. */
  readonly guard: ProcessGuard | null;
}

/** What is kept of the output. */
const keptCharacters = 300;

export function makeCommandRunner({ cwd, secrets, guard }: CommandSetting): CommandRunner {
  const run = async ([program, ...args]: Command, timeoutMs: number): Promise<string> => {
    const child = execa(program, args, {
      cwd,
      // What poolproof was started with is nobody's business but its own.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      reject: false,
      detached: true,
      maxBuffer: 1_000_000,
    });
    const { pid } = child;
    if (pid !== undefined) guard?.watch(pid, 'SIGTERM');
    const timer = setTimeout(() => killGroup(pid), timeoutMs);
    const result = await child;
    clearTimeout(timer);
    // What it left running in its group ends with it.
    killGroup(pid);
    if (pid !== undefined) guard?.release(pid);
    const said = redact(result.all.trim(), secrets).slice(-keptCharacters);
    if (!result.failed) return said;
    const why = result.signal === 'SIGKILL' ? `it took longer than ${timeoutMs} ms` : endOf(result);
    throw new EnvironmentError([
      { message: redact(`${program}: ${why}${said === '' ? '' : `: ${said}`}`, secrets) },
    ]);
  };
  return { cwd, run, mayBeShown: (command) => command.every((word) => redact(word, secrets) === word) };
}

function endOf({
  exitCode,
  originalMessage,
}: {
  readonly exitCode?: number | undefined;
  readonly originalMessage?: string | undefined;
}): string {
  return exitCode === undefined ? (originalMessage ?? 'it could not be run') : `exit code ${exitCode}`;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it is gone.
  }
}
