import type { ProcessGuard } from '../../../base/process-guard.ts';
import { makeContainer, type Container } from '../../../docker/container.ts';
import { notMade } from '../../../docker/docker-problem.ts';
import type { RunningContainer } from '../instance/container-run.ts';
import { listenersInNetworkOf } from '../instance/ports/listening-ports.ts';
import { containerOptions, holderOptions, type InstanceOnDocker } from './container-options.ts';
import type { DockerInstance, ImageOrders } from './docker-instance.ts';
import { runContainer } from './run-container.ts';
import { borrowNetwork, giveBackNetwork, type SharedNetwork } from './shared-network.ts';

/** What the Docker side of an instance is made from. */
export interface DockerInstanceOrders extends InstanceOnDocker {
  /** Removes everything this process made on Docker if the process is killed. */
  readonly guard: ProcessGuard;
}

/**
 * Makes the network namespace of one instance, held by a container that does nothing else. Throws
 * `EnvironmentError` when Docker can't be used. Published ports and `host.docker.internal` (Docker in a virtual
 * machine) follow Docker's documentation and have not been tested.
 */
export async function startDockerInstance(orders: DockerInstanceOrders): Promise<DockerInstance> {
  const { guard } = orders;
  const network = await borrowNetwork(guard);
  try {
    const holder = await startHolder(network, orders);
    return dockerInstance(network, orders, holder);
  } catch (error) {
    await giveBackNetwork(guard).catch(() => undefined);
    throw error;
  }
}

interface Holder {
  readonly container: Container;
  readonly address: string;
  /** Its process, as this machine numbers it. */
  readonly pid: number;
  /** By the containers' own port. */
  readonly published: ReadonlyMap<number, number>;
}

function dockerInstance(
  network: SharedNetwork,
  { guard, name }: DockerInstanceOrders,
  holder: Holder,
): DockerInstance {
  const { docker, gateway, isLocal } = network;
  const made: Promise<Container>[] = [];
  let removed: Promise<void> | null = null;

  const run = async (orders: ImageOrders): Promise<RunningContainer> => {
    if (removed !== null) throw new Error('the instance is on its way out');
    const making = makeContainer(docker, containerOptions(network, name, holder.container.id, orders));
    made.push(making);
    return runContainer(await making, orders);
  };
  const remove = async (): Promise<void> => {
    const containers = (await Promise.allSettled(made)).flatMap((one) =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    await Promise.all(containers.map((container) => container.remove()));
    await holder.container.remove();
    await giveBackNetwork(guard);
  };
  return {
    hostAddress: isLocal ? gateway : '127.0.0.1',
    hostName: isLocal ? gateway : 'host.docker.internal',
    address: isLocal ? holder.address : '127.0.0.1',
    reachedAt: (port) => holder.published.get(port) ?? port,
    listensOn: async (port) =>
      isLocal && (await listenersInNetworkOf(holder.pid)).some((one) => one.port === port),
    run,
    remove: () => (removed ??= remove()),
  };
}

async function startHolder(network: SharedNetwork, instance: InstanceOnDocker): Promise<Holder> {
  const container = await makeContainer(network.docker, holderOptions(network, instance));
  try {
    await container.start();
    const { NetworkSettings: settings, State: state } = await container.inspect();
    const published = Object.entries(settings.Ports).flatMap(([port, bound]) => {
      const at = Number((bound as readonly { HostPort: string }[] | null)?.[0]?.HostPort);
      return at > 0 ? [[parseInt(port, 10), at] as const] : [];
    });
    const address = settings.Networks[network.name]?.IPAddress ?? '';
    return { container, address, pid: state.Pid, published: new Map(published) };
  } catch (error) {
    await container.remove().catch(() => undefined);
    throw notMade(error, network.pauseImage);
  }
}
