import type { Problem } from '../../../base/errors.ts';
import type { ServiceOrders } from '../emulator-orders.ts';
import type { InstanceEnd } from './instance-end.ts';

/** Why a service could not be started, in one line, with its own last words. */
export function startupProblem(service: Pick<ServiceOrders, 'name' | 'cwd'>, end: InstanceEnd): Problem {
  if (end.problem !== null) return end.problem;
  switch (end.cause) {
    case 'not_started':
      return notStarted(service, end);
    case 'fail_start':
      return { message: `the start of ${service.name} was made to fail` };
    case 'fixed_port':
      return fixedPort(end);
    case 'never_listened':
      return neverListened(end);
    case 'stopped':
    case 'killed':
      return { message: `"${end.program}" was ${end.cause} before it passed its startup probe` };
    case 'liveness_failed':
      return { message: `"${end.program}" failed its liveness probe`, hint: lastLines(end) };
    case 'exited':
      return exited(end);
  }
}

function notStarted({ cwd }: Pick<ServiceOrders, 'cwd'>, { program, exit }: InstanceEnd): Problem {
  const [file] = program.split(' ');
  if (exit.error === 'ENOENT')
    return { message: `command not found: ${file}`, hint: `looked in PATH, from the folder ${cwd}` };
  if (exit.error === 'EACCES') return { message: `not allowed to run: ${file}`, hint: 'is it executable?' };
  return { message: `can't run ${file}: ${exit.error ?? 'unknown error'}` };
}

function fixedPort({ container, fixedPorts }: InstanceEnd): Problem {
  const ports = fixedPorts.join(' and ');
  return {
    message: `container ${container} listens on port ${ports} whatever $PORT says; with more than one instance each needs its own`,
    hint: `let it listen on $PORT (a sidecar: on \${port:${container}}), or run it as a container (image:), where every instance has a network of its own`,
  };
}

function neverListened({ program, port, startupProbe, fixedPorts, exit }: InstanceEnd): Problem {
  const elsewhere = fixedPorts.length === 0 ? '' : `; it listens on ${fixedPorts.join(' and ')}`;
  const said = exit.output.length === 0 ? '; it printed nothing' : `; ${lastLinesOf(exit.output)}`;
  return {
    message: `"${program}" did not pass its startup probe (${probeWords(startupProbe)}) in time`,
    hint: `an instance must listen on $PORT (here ${port})${elsewhere}${said}`,
  };
}

function exited(end: InstanceEnd): Problem {
  const { program, exit } = end;
  if (/EADDRINUSE|address already in use/i.test(exit.output.join('\n')))
    return {
      message: `"${program}" could not listen: the port is in use`,
      hint: `an instance must listen on $PORT; ${lastLinesOf(exit.output)}`,
    };
  const how = exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
  return { message: `"${program}" ${how} before it listened on its port`, hint: lastLines(end) };
}

function lastLines({ exit }: InstanceEnd): string {
  return exit.output.length === 0 ? 'it printed nothing' : lastLinesOf(exit.output);
}

function lastLinesOf(output: readonly string[]): string {
  return `its last lines were\n${output.map((line) => `    ${line}`).join('\n')}`;
}

function probeWords(probe: InstanceEnd['startupProbe']): string {
  if (probe === null) return 'none';
  const { kind, path, initialDelayMs, periodMs, timeoutMs, failureThreshold } = probe;
  const limitMs = initialDelayMs + (failureThreshold - 1) * periodMs + timeoutMs;
  return `${kind === 'http' ? `http ${path ?? '/'}` : 'tcp'}, ${limitMs / 1000} s`;
}
