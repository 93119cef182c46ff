import { execa } from 'execa';
import { EnvironmentError } from '../base/errors.ts';
import type { ProcessGuard } from '../base/process-guard.ts';
import { markName } from '../base/processes/marked-processes.ts';
import { outOfSight } from '../base/secrets/out-of-sight.ts';
import { makeRedactor } from '../base/secrets/redact.ts';

export type Command = readonly [string, ...string[]];

/** Runs the commands of a scenario, in its folder. */
export interface CommandRunner {
  readonly cwd: string;
  /** Returns the end of the command's output. Rejects unless it exits with 0 in time. */
  run(command: Command, timeoutMs: number): Promise<string>;
  /** Whether it holds no secret, so that it may be written to disk. */
  mayBeShown(command: Command): boolean;
}

export interface CommandSetting {
  /** The scenario's folder. */
  readonly cwd: string;
  /** Values that must never be shown. */
  readonly secrets: readonly string[];
  /** Sees to it that no command outlives the run. */
  readonly guard: ProcessGuard | null;
}

/** How much is kept of the output. */
const keptCharacters = 300;

export function makeCommandRunner({ cwd, secrets, guard }: CommandSetting): CommandRunner {
  const marked = guard === null ? {} : { [markName]: guard.mark };
  const { said: fit } = makeRedactor(secrets);
  const run = async (given: Command, timeoutMs: number): Promise<string> => {
    const { command, env } = outOfSight(given);
    const [program = '', ...args] = command;
    const child = execa(program, args, {
      cwd,
      // The environment of poolproof itself may hold secrets.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env, ...marked },
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
    // Ends what it left running in its process group.
    killGroup(pid);
    if (pid !== undefined) guard?.release(pid);
    const said = fit(result.all.trim()).slice(-keptCharacters);
    if (!result.failed) return said;
    const why = result.signal === 'SIGKILL' ? `it took longer than ${timeoutMs} ms` : endOf(result);
    throw new EnvironmentError([
      { message: `${fit(`${program}: ${why}`)}${said === '' ? '' : `: ${said}`}` },
    ]);
  };
  return { cwd, run, mayBeShown: (command) => command.every((word) => fit(word) === word) };
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
    // Nothing is left of the group.
  }
}
