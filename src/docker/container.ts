import { PassThrough, type Readable } from 'node:stream';
import type { ContainerRuntimeClient } from 'testcontainers';
import type { Docker } from './connect-docker.ts';
import { notMade } from './docker-problem.ts';
import { removeContainer } from './remove-labelled.ts';

type Api = ContainerRuntimeClient['container'];

/** How a container is created, in the terms of Docker's API. */
export type ContainerOptions = Parameters<Api['create']>[0];

/** A container that was created. Calls reject with what Docker's client throws. */
export interface Container {
  readonly id: string;
  start(): Promise<void>;
  /** Its exit status once it has ended. */
  ended(): Promise<number>;
  /** Signals its first process. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** Freezes all its processes. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  inspect(): ReturnType<Api['inspect']>;
  /** Its output from now on, each stream separately. */
  attach(): Promise<{ readonly stdout: Readable; readonly stderr: Readable }>;
  /** The output that Docker kept and what follows until it ends, both streams in one. */
  logs(from: { readonly tail: number } | { readonly since: number }): Promise<Readable>;
  /** Runs a script in the container's shell, as root. */
  exec(script: string): ReturnType<Api['exec']>;
  /** Kills it if it runs, and removes it with its volumes. */
  remove(): Promise<void>;
}

/** Creates a container without starting it. Throws `EnvironmentError`. */
export async function makeContainer(docker: Docker, options: ContainerOptions): Promise<Container> {
  const { container: client } = docker.testcontainers;
  const own = await client.create(options).catch((error: unknown) => {
    throw notMade(error, options.Image ?? '');
  });
  return {
    id: own.id,
    start: () => client.start(own),
    ended: async () => ((await own.wait()) as { StatusCode: number }).StatusCode,
    signal: async (name) => {
      await own.kill({ signal: name });
    },
    pause: async () => {
      await own.pause();
    },
    unpause: async () => {
      await own.unpause();
    },
    inspect: () => client.inspect(own),
    attach: async () => {
      // testcontainers would mix the two streams.
      const both = await own.attach({ stream: true, stdout: true, stderr: true });
      return splitOutput(docker, both);
    },
    logs: (from) => client.logs(own, from),
    exec: (script) => client.exec(own, ['sh', '-c', script], { user: '0' }),
    remove: () => removeContainer(docker, own.id),
  };
}

/** Docker sends both streams as one, in frames that say which they belong to. */
function splitOutput(
  { api }: Docker,
  both: NodeJS.ReadWriteStream,
): { readonly stdout: Readable; readonly stderr: Readable } {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  api.modem.demuxStream(both, stdout, stderr);
  const end = (): void => {
    stdout.end();
    stderr.end();
  };
  both.on('end', end).on('close', end).on('error', end);
  return { stdout, stderr };
}
