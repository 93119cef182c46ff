import type { Problem } from '../../base/errors.ts';
import type { Program } from './emulator-orders.ts';
import type { InstanceEnd } from './instance.ts';

/** Why the service could not be started, in one line, with its own last words. */
export function startupProblem(program: Program, end: InstanceEnd): Problem {
  const command = program.command.join(' ');
  const said =
    end.exit.output.length === 0 ? '' : `\n${end.exit.output.map((line) => `    ${line}`).join('\n')}`;
  if (end.cause === 'not_started') return notStarted(program, end.exit.error ?? 'unknown error');
  if (end.cause === 'stopped')
    return { message: `"${command}" was stopped before it passed its startup probe` };
  if (/EADDRINUSE|address already in use/i.test(end.exit.output.join('\n'))) {
    return {
      message: `"${command}" could not listen: the port is in use`,
      hint: `an instance must listen on $PORT; its last lines were${said}`,
    };
  }
  if (end.cause === 'never_listened') {
    return {
      message: `"${command}" did not pass its startup probe (${probeWords(program)}) in time`,
      hint: `an instance must listen on $PORT (here ${end.port})${said === '' ? '; it printed nothing' : `; its last lines were${said}`}`,
    };
  }
  const how =
    end.exit.signal === null ? `exited with code ${end.exit.code}` : `was ended by ${end.exit.signal}`;
  return {
    message: `"${command}" ${how} before it listened on its port`,
    hint: said === '' ? 'it printed nothing' : `its last lines were${said}`,
  };
}

function notStarted(program: Program, code: string): Problem {
  const [file] = program.command;
  if (code === 'ENOENT')
    return { message: `command not found: ${file}`, hint: `looked in PATH, from the folder ${program.cwd}` };
  if (code === 'EACCES') return { message: `not allowed to run: ${file}`, hint: 'is it executable?' };
  return { message: `can't run ${file}: ${code}` };
}

function probeWords(program: Program): string {
  const { kind, path, initialDelayMs, periodMs, timeoutMs, failureThreshold } = program.startupProbe;
  const limitMs = initialDelayMs + (failureThreshold - 1) * periodMs + timeoutMs;
  return `${kind === 'http' ? `http ${path ?? '/'}` : 'tcp'}, ${limitMs / 1000} s`;
}
