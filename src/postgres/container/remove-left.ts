import { getContainerRuntimeClient } from 'testcontainers';
import { sleep } from '../../base/deadline.ts';
import { serverLabel } from './postgres-container.ts';

/** Looks in all, and the pause between two: what Docker was still making when its maker died comes to light. */
const looks = 10;
const pauseMs = 300;

/** Removes the container that carries the label; resolves when two looks in a row found none. */
export async function removeLeft(label: string): Promise<void> {
  const { container: docker } = await getContainerRuntimeClient();
  let emptyLooks = 0;
  for (let look = 0; look < looks && emptyLooks < 2; look += 1) {
    if (look > 0) await sleep(pauseMs);
    const left = await docker.fetchByLabel(serverLabel, label);
    emptyLooks = left === undefined ? emptyLooks + 1 : 0;
    await left?.remove({ force: true, v: true }).catch(() => undefined);
  }
}
