import { EnvironmentError, messageOf } from '../../base/errors.ts';

/** A container that could not be started, with the last that it printed. */
export function cannotStart(error: unknown, image: string, output: readonly string[]): EnvironmentError {
  const words = messageOf(error).replaceAll(/\s+/g, ' ').trim();
  if (/could not find a working container runtime/i.test(words))
    return problem(error, 'Docker does not answer', 'start Docker, or set DOCKER_HOST to where it listens');
  if (/no such image|pull access denied|manifest|registry/i.test(words))
    return problem(error, `the image ${image} can't be had: ${words}`, `does docker pull ${image} work?`);
  const said = output.length === 0 ? '' : `:\n  ${output.join('\n  ')}`;
  return problem(error, `Postgres can't start in a container of ${image}: ${words}${said}`);
}

function problem(cause: unknown, message: string, hint?: string): EnvironmentError {
  return new EnvironmentError([{ message, ...(hint === undefined ? {} : { hint }) }], { cause });
}
