import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import { messageOf } from '../../base/errors.ts';
import type { RunningPostgres } from '../postgres-server.ts';
import { removeLeft } from './remove-left.ts';

/** Tells an end that was asked for from one that was not. */
export async function containerLife(
  container: StartedTestContainer,
  label: string,
): Promise<Pick<RunningPostgres, 'lost' | 'stop'>> {
  const { container: docker } = await getContainerRuntimeClient();
  let stopped: Promise<void> | null = null;
  const ended = docker
    .getById(container.getId())
    .wait()
    .then((end: { StatusCode: number }) => `its container ended with exit code ${end.StatusCode}`, messageOf);
  const lost = new Promise<string>((resolve) => {
    void ended.then((why) => {
      if (stopped === null) resolve(`Postgres is gone: ${why}`);
    });
  });
  return { lost, stop: () => (stopped ??= removeLeft(label)) };
}
