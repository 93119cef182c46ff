import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { entryPath } from '../../../base/entry.ts';
import { KnownError } from '../../../base/errors.ts';
import type { ProcessGuard } from '../../../base/process-guard.ts';
import { connectDocker, type ConnectedDocker } from './connect-docker.ts';
import { noDocker } from './docker-problem.ts';
import { pauseImage } from './pause-image.ts';
import { emulatorLabel, removeLeft } from './remove-left.ts';

/** The bridge network that all instances of an emulator are on. */
export interface SharedNetwork extends ConnectedDocker {
  readonly name: string;
  /** Value of the label that everything of this emulator's carries. */
  readonly emulator: string;
  readonly gateway: string;
  /** Whether the gateway is an address of this very machine: it is not where Docker runs in a virtual machine. */
  readonly isLocal: boolean;
  readonly pauseImage: string;
}

interface Shared {
  readonly emulator: string;
  borrowers: number;
  network: Promise<SharedNetwork> | null;
  /** What goes on by itself: the next network waits for the last one's removal. */
  busy: Promise<unknown>;
}

/** A guard belongs to one emulator, and so does a network. */
const sharedBy = new WeakMap<ProcessGuard, Shared>();

/**
 * The emulator's network: there from its first instance to its last one. Whoever borrows it must give it back.
 * Throws `EnvironmentError` when Docker can't be used.
 */
export async function borrowNetwork(guard: ProcessGuard): Promise<SharedNetwork> {
  const shared = sharedOf(guard);
  shared.borrowers += 1;
  shared.network ??= shared.busy.then(() => makeNetwork(shared.emulator));
  const { network } = shared;
  try {
    return await network;
  } catch (error) {
    if (shared.network === network) shared.network = null;
    shared.borrowers -= 1;
    throw error;
  }
}

/** Removes the network with the last borrower. */
export async function giveBackNetwork(guard: ProcessGuard): Promise<void> {
  const shared = sharedOf(guard);
  shared.borrowers -= 1;
  const { network } = shared;
  if (shared.borrowers > 0 || network === null) return;
  shared.network = null;
  const removed = network.then(removeNetwork);
  shared.busy = removed.catch(() => undefined);
  await removed;
}

function sharedOf(guard: ProcessGuard): Shared {
  const known = sharedBy.get(guard);
  if (known !== undefined) return known;
  const emulator = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const shared: Shared = { emulator, borrowers: 0, network: null, busy: Promise.resolve() };
  guard.runAfter([process.execPath, entryPath('platform/local/docker/remove-left-main'), emulator]);
  sharedBy.set(guard, shared);
  return shared;
}

async function makeNetwork(emulator: string): Promise<SharedNetwork> {
  const connected = await connectDocker();
  try {
    const image = await pauseImage(connected);
    const name = `poolproof-${emulator}`;
    const network = await connected.docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      Labels: { [emulatorLabel]: emulator },
    });
    const { IPAM: ipam } = (await network.inspect()) as { IPAM?: { Config?: { Gateway?: string }[] } };
    const gateway = ipam?.Config?.[0]?.Gateway;
    if (gateway === undefined) throw new Error(`the network ${name} has no gateway`);
    const isLocal = await canListenOn(gateway);
    return { ...connected, name, emulator, gateway, isLocal, pauseImage: image };
  } catch (error) {
    await removeLeft(connected.docker, emulator).catch(() => undefined);
    throw error instanceof KnownError ? error : noDocker(error);
  }
}

/** Something that is still on it, against all expectation, goes with it. */
async function removeNetwork({ docker, name, emulator }: SharedNetwork): Promise<void> {
  await docker
    .getNetwork(name)
    .remove()
    .catch(() => removeLeft(docker, emulator));
}

/** A bridge without a container is down, so it is missing among the machine's interfaces; listening works. */
async function canListenOn(address: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: address, port: 0 });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
