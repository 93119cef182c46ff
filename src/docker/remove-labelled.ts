import { sleep } from '../base/deadline.ts';
import { entryPath } from '../base/entry.ts';
import type { ProcessGuard } from '../base/process-guard.ts';
import type { Docker } from './connect-docker.ts';
import { isGone } from './docker-problem.ts';

/** Marks everything that one owner makes on Docker, so that it can be found after the owner was killed. */
export interface OwnerLabel {
  readonly name: 'poolproof.emulator' | 'poolproof.postgres';
  /** Unique to this owner. */
  readonly value: string;
}

/** Rounds at most, and the pause between two: Docker may still be making what a dead owner ordered. */
const maxRounds = 20;
const pauseMs = 300;

/** The label in the form of Docker's API. */
export function labelsOf({ name, value }: OwnerLabel): Record<string, string> {
  return { [name]: value };
}

/** Removes everything with the label if this process is killed: containers are not its children. */
export function removeWhenKilled(guard: ProcessGuard, { name, value }: OwnerLabel): void {
  guard.runAfter([process.execPath, entryPath('docker/remove-labelled-main'), name, value]);
}

/** Removes all containers and networks with the label. Resolves when two rounds in a row found none. */
export async function removeLabelled(docker: Docker, label: OwnerLabel): Promise<void> {
  let emptyRounds = 0;
  for (let round = 0; round < maxRounds && emptyRounds < 2; round++) {
    if (round > 0) await sleep(pauseMs);
    emptyRounds = (await removeOnce(docker, label)) === 0 ? emptyRounds + 1 : 0;
  }
}

/** Yields how many there were. */
async function removeOnce(docker: Docker, { name, value }: OwnerLabel): Promise<number> {
  const filters = { label: [`${name}=${value}`] };
  const containers = await docker.api.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker, Id)));
  const networks = await docker.api.listNetworks({ filters });
  await Promise.allSettled(networks.map(({ Id }) => docker.api.getNetwork(Id).remove()));
  return containers.length + networks.length;
}

/** Kills the container if it runs, and removes it with its volumes. */
export async function removeContainer({ api }: Docker, id: string): Promise<void> {
  try {
    await api.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
