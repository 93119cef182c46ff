import type Dockerode from 'dockerode';
import { sleep } from '../../../base/deadline.ts';
import { isGone } from './docker-problem.ts';

/** The label that everything of an emulator's carries; its value is the emulator's own. */
export const emulatorLabel = 'poolproof.emulator';

/** Looks in all, and the pause between two: what Docker was still making when its maker died comes to light. */
const looks = 20;
const pauseMs = 300;

/** Removes all containers and networks that carry the label. Resolves when two looks in a row found none. */
export async function removeLeft(docker: Dockerode, emulator: string): Promise<void> {
  let emptyLooks = 0;
  for (let look = 0; look < looks && emptyLooks < 2; look++) {
    if (look > 0) await sleep(pauseMs);
    emptyLooks = (await removeOnce(docker, emulator)) === 0 ? emptyLooks + 1 : 0;
  }
}

/** How many there were. */
async function removeOnce(docker: Dockerode, emulator: string): Promise<number> {
  const filters = { label: [`${emulatorLabel}=${emulator}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => removeContainer(docker, Id)));
  const networks = await docker.listNetworks({ filters });
  await Promise.allSettled(networks.map(({ Id }) => docker.getNetwork(Id).remove()));
  return containers.length + networks.length;
}

/** Ends the container if it runs, and removes it with what it wrote. */
export async function removeContainer(docker: Dockerode, id: string): Promise<void> {
  try {
    await docker.getContainer(id).remove({ force: true, v: true });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
