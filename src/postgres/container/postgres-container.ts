import { InterruptedError, KnownError, EnvironmentError } from '../../base/errors.ts';
import { within } from '../../base/deadline.ts';
import type { Docker } from '../../docker/connect-docker.ts';
import { makeContainer, type Container, type ContainerOptions } from '../../docker/container.ts';
import { dockerWords } from '../../docker/docker-problem.ts';
import { pullImage } from '../../docker/pull-image.ts';
import { labelsOf, type OwnerLabel } from '../../docker/remove-labelled.ts';
import type { Login } from '../postgres-server.ts';
import { serverArguments } from './settings.ts';
import { untilItAnswers } from './until-it-answers.ts';

/** What a container of Postgres is made from. */
export interface PostgresContainerOrders {
  /** One of the official images, or one that takes the same variables. */
  readonly image: string;
  readonly label: OwnerLabel;
  readonly maxConnections: number;
  /** The superuser that the image makes, and the port of this machine that leads to it. */
  readonly superuser: Login;
}

/** The port that Postgres has in its container. */
const innerPort = 5432;
const startLimitMs = 120_000;
const shownLines = 5;
const outputLimitMs = 1000;

/** Starts the container and waits until Postgres takes logins. Throws `EnvironmentError` or `InterruptedError`. */
export async function startPostgresContainer(
  docker: Docker,
  orders: PostgresContainerOrders,
  signal: AbortSignal,
): Promise<Container> {
  await pullImage(docker, orders.image);
  // Docker can't be told to give up a pull.
  if (signal.aborted) throw new InterruptedError([{ message: 'stopped while Postgres was starting' }]);
  const container = await makeContainer(docker, containerOptions(orders));
  try {
    await container.start();
    await untilReady(container, orders.superuser, signal);
    return container;
  } catch (error) {
    throw error instanceof InterruptedError ? error : await cannotStart(error, orders.image, container);
  }
}

/** As Docker wants it. */
export function containerOptions({
  image,
  label,
  maxConnections,
  superuser: { user, password, port },
}: PostgresContainerOrders): ContainerOptions {
  const environment = {
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: 'postgres',
    POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-sync',
  };
  return {
    Image: image,
    Cmd: ['postgres', ...serverArguments(maxConnections)],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(label),
    ExposedPorts: { [`${innerPort}/tcp`]: {} },
    HostConfig: {
      // testcontainers' own containers would be published to the world.
      PortBindings: { [`${innerPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
    },
  };
}

async function untilReady(container: Container, login: Login, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const ended = container.ended().then((code) => {
    throw new Error(`it ended with exit code ${code}`);
  });
  try {
    const waiting = AbortSignal.any([signal, over.signal]);
    await Promise.race([ended, untilItAnswers(login, waiting, startLimitMs)]);
  } finally {
    over.abort();
  }
}

async function cannotStart(error: unknown, image: string, container: Container): Promise<EnvironmentError> {
  const words = error instanceof KnownError ? error.message : dockerWords(error);
  const output = await lastLines(container).catch(() => []);
  const said = output.length === 0 ? '' : `:\n  ${output.join('\n  ')}`;
  const message = `Postgres can't start in a container of ${image}: ${words}${said}`;
  return new EnvironmentError([{ message }], { cause: error });
}

/** Its last lines, for people. The log of a running container has no end, so it gets one second. */
async function lastLines(container: Container): Promise<readonly string[]> {
  const log = await container.logs({ tail: shownLines });
  let text = '';
  log.on('data', (part: Buffer | string) => (text += String(part)));
  await within(new Promise((resolve) => log.once('end', resolve)), outputLimitMs, undefined);
  log.destroy();
  return text.split('\n').filter((line) => line.trim() !== '');
}
