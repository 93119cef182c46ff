import { sleep } from '../base/deadline.ts';
import { entryPath } from '../base/entry.ts';
import type { ProcessGuard } from '../base/process-guard.ts';
import type { Docker } from './connect-docker.ts';
import { isGone } from './docker-problem.ts';

/** Marks everything that one owner makes on Docker, so that it is found again when the owner was killed. */
export interface OwnerLabel {
  readonly name: 'poolproof.emulator' | 'poolproof.postgres';
  /** Of this owner alone. */
  readonly value: string;
}

/** How often Docker is asked, at most, and the pause in between: it may still be making what a dead owner ordered. */
const maxRounds = 20;
const pauseMs = 300;

/** The label as Docker wants it in orders. */
export function labelsOf({ name, value }: OwnerLabel): Record<string, string> {
  return { [name]: value };
}

/** Has everything with the label removed should this process be killed: a container is no child of its maker. */
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

/** How many there were. */
async function removeOnce(docker: Docker, { name, value }: OwnerLabel): Promise<number> {
  const filters = { label: [`${name}=${value}`] };
  const containers = await docker.api.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker, Id)));
  const networks = await docker.api.listNetworks({ filters });
  await Promise.allSettled(networks.map(({ Id }) => docker.api.getNetwork(Id).remove()));
  return containers.length + networks.length;
}

/** Ends the container if it runs, and removes it with what it wrote. */
export async function removeContainer({ api }: Docker, id: string): Promise<void> {
  try {
    await api.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
