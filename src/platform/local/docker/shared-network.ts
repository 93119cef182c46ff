import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { KnownError } from '../../../base/errors.ts';
import type { ProcessGuard } from '../../../base/process-guard.ts';
import { connectDocker, type Docker } from '../../../docker/connect-docker.ts';
import { noDocker } from '../../../docker/docker-problem.ts';
import {
  labelsOf,
  removeLabelled,
  removeWhenKilled,
  type OwnerLabel,
} from '../../../docker/remove-labelled.ts';
import { pauseImage } from './pause-image.ts';

/** The bridge network that all instances of an emulator are on. */
export interface SharedNetwork {
  readonly docker: Docker;
  readonly name: string;
  /** Carried by everything that this emulator makes. */
  readonly label: OwnerLabel;
  readonly gateway: string;
  /** Whether the gateway is an address of this machine; it is not where Docker runs in a virtual machine. */
  readonly isLocal: boolean;
  readonly pauseImage: string;
}

interface Shared {
  readonly label: OwnerLabel;
  borrowers: number;
  network: Promise<SharedNetwork> | null;
  /** The removal still going on, which the next network waits for. */
  busy: Promise<unknown>;
}

/** A guard belongs to one emulator, and so does a network. */
const sharedBy = new WeakMap<ProcessGuard, Shared>();

/**
 * The emulator's network: it exists from the first instance to the last. Every borrower must give it back.
 * Throws `EnvironmentError` when Docker can't be used.
 */
export async function borrowNetwork(guard: ProcessGuard): Promise<SharedNetwork> {
  const shared = sharedOf(guard);
  shared.borrowers += 1;
  shared.network ??= shared.busy.then(() => makeNetwork(shared.label));
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
  const value = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const label: OwnerLabel = { name: 'poolproof.emulator', value };
  const shared: Shared = { label, borrowers: 0, network: null, busy: Promise.resolve() };
  removeWhenKilled(guard, label);
  sharedBy.set(guard, shared);
  return shared;
}

async function makeNetwork(label: OwnerLabel): Promise<SharedNetwork> {
  const docker = await connectDocker();
  try {
    const image = await pauseImage(docker);
    const name = `poolproof-${label.value}`;
    const network = await docker.api.createNetwork({
      Name: name,
      Driver: 'bridge',
      Labels: labelsOf(label),
    });
    const { IPAM: ipam } = (await network.inspect()) as { IPAM?: { Config?: { Gateway?: string }[] } };
    const gateway = ipam?.Config?.[0]?.Gateway;
    if (gateway === undefined) throw new Error(`the network ${name} has no gateway`);
    const isLocal = await canListenOn(gateway);
    return { docker, name, label, gateway, isLocal, pauseImage: image };
  } catch (error) {
    await removeLabelled(docker, label).catch(() => undefined);
    throw error instanceof KnownError ? error : noDocker(error);
  }
}

/** Removes anything that is, against all expectation, still on it. */
async function removeNetwork({ docker, name, label }: SharedNetwork): Promise<void> {
  await docker.api
    .getNetwork(name)
    .remove()
    .catch(() => removeLabelled(docker, label));
}

/** A bridge without containers is down and so not among the machine's interfaces; listening on it works. */
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
