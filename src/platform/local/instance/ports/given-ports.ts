import type { ContainerSpec } from '../../../../contract/cloud-run/revision-spec.ts';
import type { Probe } from '../../../../contract/cloud-run/probe.ts';
import { freePort } from './free-port.ts';
import type { PlannedContainer } from '../instance-plan.ts';

/** The ports that the containers of one instance were given, by the container's name. */
export type GivenPorts = Readonly<Record<string, number>>;

/**
 * A free port of this machine for every process. A container of Docker's has its network to its instance alone
 * and keeps the port that it declares; one that declares none gets a free number all the same.
 */
export async function givePorts(containers: readonly PlannedContainer[]): Promise<GivenPorts> {
  const ports: Record<string, number> = {};
  for (const { spec, source } of containers) {
    const declared = source.kind === 'image' ? declaredPort(spec) : null;
    ports[spec.name] = declared ?? (await freePort());
  }
  return ports;
}

function declaredPort({ port, startupProbe, livenessProbe, readinessProbe }: ContainerSpec): number | null {
  return port ?? startupProbe?.port ?? livenessProbe?.port ?? readinessProbe?.port ?? null;
}

/** The ports at which this machine probes containers, and sends requests. */
export function reachedPorts(containers: readonly ContainerSpec[], given: GivenPorts): readonly number[] {
  const ports = containers.flatMap(({ name, startupProbe, livenessProbe, readinessProbe }) => [
    given[name] ?? null,
    ...[startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.port ?? null),
  ]);
  return [...new Set(ports.filter((port) => port !== null))];
}

/** What decides where a probe goes. */
export interface ProbedPorts {
  readonly given: GivenPorts;
  /** Containers that listen where they are told to. */
  readonly told: ReadonlySet<string>;
  /** The container that takes requests. */
  readonly ingress: string;
}

/**
 * The port that a probe is sent to. A container that listens where it is told to is probed there, whatever
 * port its probe declares; but one that takes requests may declare a further port of its own. Every other
 * container is probed at the port declared, without one at the port that takes requests.
 */
export function probePort(container: ContainerSpec, probe: Probe, ports: ProbedPorts): number {
  const own = ports.given[container.name] ?? 0;
  if (container.ingress) return probe.port === null || probe.port === container.port ? own : probe.port;
  if (ports.told.has(container.name)) return own;
  return probe.port ?? ports.given[ports.ingress] ?? 0;
}
