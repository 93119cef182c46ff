import type { ContainerRuntimeClient } from 'testcontainers';
import { within } from '../base/deadline.ts';
import { noDocker } from './docker-problem.ts';
import { reachDocker, usualHost } from './reach-docker.ts';

/** Docker, and what there is to know about the machine that it runs on. */
export interface Docker {
  /** Pulls images, reads logs, runs commands in containers. */
  readonly testcontainers: ContainerRuntimeClient;
  /** Docker's own API, for what testcontainers does not offer. */
  readonly api: ContainerRuntimeClient['container']['dockerode'];
  /** As the kernel calls it, such as `x86_64`. */
  readonly architecture: string;
  readonly cpus: number;
}

const answerLimitMs = 10_000;

/** Finds Docker: at `DOCKER_HOST`, else at one of the usual sockets. Throws `EnvironmentError`. */
export async function connectDocker(): Promise<Docker> {
  const host = process.env['DOCKER_HOST'] ?? '';
  try {
    // testcontainers would quietly fall back to another Docker when this one does not answer.
    if (host !== '') await reachDocker(host);
    const { getContainerRuntimeClient } = await import('testcontainers');
    const testcontainers = await within(getContainerRuntimeClient(), answerLimitMs, null);
    if (testcontainers === null) throw new Error(`no answer within ${answerLimitMs / 1000} s`);
    const { architecture, cpus } = testcontainers.info.containerRuntime;
    return { testcontainers, api: testcontainers.container.dockerode, architecture, cpus };
  } catch (error) {
    // testcontainers does not say why; opening the socket does.
    const reason = await reachDocker(host === '' ? usualHost : host).then(
      () => error,
      (why: unknown) => why,
    );
    throw noDocker(reason);
  }
}
