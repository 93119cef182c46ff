import type Dockerode from 'dockerode';
import { within } from '../../../base/deadline.ts';
import { noDocker } from './docker-problem.ts';

/** Docker, and what is to be known of the machine that it runs on. */
export interface ConnectedDocker {
  readonly docker: Dockerode;
  /** As the kernel calls it, such as `x86_64`. */
  readonly architecture: string;
  readonly cpus: number;
}

const answerLimitMs = 10_000;

/** Finds Docker where its own command line does: `DOCKER_HOST`, else the usual socket. Throws `EnvironmentError`. */
export async function connectDocker(): Promise<ConnectedDocker> {
  try {
    const { default: Docker } = await import('dockerode');
    const docker = new Docker();
    const info = await within(docker.info() as Promise<DockerInfo>, answerLimitMs, null);
    if (info === null) throw new Error(`no answer within ${answerLimitMs / 1000} s`);
    return { docker, architecture: info.Architecture, cpus: info.NCPU };
  } catch (error) {
    throw noDocker(error);
  }
}

interface DockerInfo {
  readonly Architecture: string;
  readonly NCPU: number;
}
