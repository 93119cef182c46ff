import { shownSaid } from './secrets.ts';

/** A command, and the variables it is to be started with besides its own. */
export interface QuietCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const shell = /(?:^|\/)(?:sh|ash|bash|dash|ksh|zsh)$/;
const variable = 'POOLPROOF_SCRIPT';
/** The variable is the shell's alone: what the script starts does not inherit it. */
const readIt = `script=$${variable}; unset ${variable}; eval "$script"`;

/**
 * Every account of a machine may read the arguments of its processes, and only a process's own account its environment.
 * So a shell's script that holds a secret is handed over in the environment. Other programs must have their arguments.
 */
export function outOfSight(command: readonly string[]): QuietCommand {
  const [program, flag, script, ...rest] = command;
  const isWanted = isScript(command) && script !== undefined && shownSaid(script) !== script;
  if (!isWanted || program === undefined || flag === undefined) return { command, env: {} };
  return { command: [program, flag, readIt, ...rest], env: { [variable]: script } };
}

/** Whether the third word is a script for a shell. */
export function isScript([program, flag]: readonly string[]): boolean {
  return program !== undefined && shell.test(program) && /^-[a-z]*c$/.test(flag ?? '');
}
