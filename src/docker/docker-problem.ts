import { EnvironmentError, messageOf } from '../base/errors.ts';

/** What Docker's client throws: the system's code when there was no answer, else the status of the answer. */
interface DockerFailure {
  readonly code?: string;
  readonly statusCode?: number;
  readonly json?: { readonly message?: string } | null;
  /** The socket that could not be opened. */
  readonly address?: string;
}

/** Docker can't be used from here. */
export function noDocker(error: unknown): EnvironmentError {
  const { code, address, statusCode } = failureOf(error);
  if (statusCode !== undefined) return environmentError(error, `Docker refused: ${dockerWords(error)}`);
  const socket = address ?? 'its socket';
  if (code === 'EACCES' || code === 'EPERM')
    return environmentError(
      error,
      `not allowed to use Docker (${socket})`,
      'run as a member of the group docker, or set DOCKER_HOST to a Docker of your own',
    );
  return environmentError(
    error,
    `Docker does not answer: ${code === 'ENOENT' ? `no socket at ${socket}` : dockerWords(error)}`,
    'start Docker, or set DOCKER_HOST to where it listens',
  );
}

/** A container could not be made. */
export function notMade(error: unknown, image: string): EnvironmentError {
  const { statusCode } = failureOf(error);
  if (statusCode === undefined) return noDocker(error);
  if (statusCode === 404 && /no such image/i.test(dockerWords(error)))
    return environmentError(
      error,
      `the image ${image} is not on this machine`,
      `docker pull ${image} fetches it; docker image ls shows those that are here`,
    );
  return environmentError(error, `Docker can't make a container from ${image}: ${dockerWords(error)}`);
}

/** An image could not be pulled. */
export function notPulled(error: unknown, image: string): EnvironmentError {
  return environmentError(
    error,
    `the image ${image} can't be had: ${dockerWords(error)}`,
    `does docker pull ${image} work?`,
  );
}

/** Why a container did not start: the system's code for a program that can't be run, else Docker's words. */
export function startFailure(error: unknown): string {
  const words = dockerWords(error);
  if (/executable file not found|no such file or directory/i.test(words)) return 'ENOENT';
  return /permission denied/i.test(words) ? 'EACCES' : words;
}

/** Docker's own words, in one line. */
export function dockerWords(error: unknown): string {
  return (failureOf(error).json?.message ?? messageOf(error)).replaceAll(/\s+/g, ' ').trim();
}

/** Whether what was asked for is already gone or being removed. */
export function isGone(error: unknown): boolean {
  const { statusCode } = failureOf(error);
  return statusCode === 404 || statusCode === 409;
}

function failureOf(error: unknown): DockerFailure {
  return typeof error === 'object' && error !== null ? error : {};
}

function environmentError(cause: unknown, message: string, hint?: string): EnvironmentError {
  return new EnvironmentError([{ message, ...(hint === undefined ? {} : { hint }) }], { cause });
}
