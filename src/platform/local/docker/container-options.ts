import type { ContainerOptions } from '../../../docker/container.ts';
import { labelsOf } from '../../../docker/remove-labelled.ts';
import type { ImageOrders } from './docker-instance.ts';
import { pauseCommand } from './pause-image.ts';
import type { SharedNetwork } from './shared-network.ts';

/** What Docker is told about an instance. */
export interface InstanceOnDocker {
  /** Unique in its emulator. */
  readonly name: string;
  /** Names by which its containers call each other. */
  readonly containers: readonly string[];
  /** Ports that this machine must reach. */
  readonly ports: readonly number[];
}

/** Output is read as it comes; Docker's own log would only fill the disk. */
const noLog = { Type: 'none', Config: {} } as const;

/**
 * The container that holds the instance's network namespace. It ends after all others, so that no sidecar takes
 * the network down with it, and all share its /etc/hosts. Ports are published only where its own address can't be
 * reached, and then on loopback only.
 */
export function holderOptions(
  network: SharedNetwork,
  { name, containers, ports }: InstanceOnDocker,
): ContainerOptions {
  const published = network.isLocal ? [] : ports.map((port) => `${port}/tcp`);
  const bound = published.map((port) => [port, [{ HostIp: '127.0.0.1', HostPort: '' }]] as const);
  return {
    name: containerName(network, name, 'network'),
    Image: network.pauseImage,
    Cmd: [pauseCommand],
    Labels: labelsOf(network.label),
    ExposedPorts: Object.fromEntries(published.map((port) => [port, {}])),
    HostConfig: {
      NetworkMode: network.name,
      ExtraHosts: [
        ...containers.map((container) => `${container}:127.0.0.1`),
        ...(network.isLocal ? [] : ['host.docker.internal:host-gateway']),
      ],
      PortBindings: Object.fromEntries(bound),
      LogConfig: noLog,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
    },
  };
}

/** One container in the holder's network namespace. */
export function containerOptions(
  network: SharedNetwork,
  instance: string,
  holder: string,
  orders: ImageOrders,
): ContainerOptions {
  const { cpus, memoryBytes } = orders.limits;
  return {
    name: containerName(network, instance, orders.name),
    Image: orders.image,
    ...programOf(orders),
    ...(orders.cwd === null ? {} : { WorkingDir: orders.cwd }),
    Env: Object.entries(orders.env).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(network.label),
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: `container:${holder}`,
      LogConfig: noLog,
      Mounts: orders.mounts.map(({ from, to, readOnly }) => ({
        Type: 'bind',
        Source: from,
        Target: to,
        ReadOnly: readOnly,
      })),
      ...(cpus === null ? {} : { NanoCpus: Math.round(Math.min(cpus, network.docker.cpus) * 1e9) }),
      // Swap equal to memory means no swap.
      ...(memoryBytes === null ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
    },
  };
}

/** A command replaces both entrypoint and command, as `command` in a service.yaml does. */
function programOf({ command, args = [] }: ImageOrders): ContainerOptions {
  if (command.length > 0) return { Entrypoint: [...command], Cmd: [] };
  return args.length > 0 ? { Cmd: [...args] } : {};
}

/** Readable in `docker ps`; Docker allows only some characters. */
function containerName({ name }: SharedNetwork, instance: string, container: string): string {
  return `${name}-${instance}-${container}`.replaceAll(/[^\w.-]/g, '-');
}
