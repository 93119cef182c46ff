import { resolve } from 'node:path';
import type { Problem } from '../../../base/errors.ts';
import type { ContainerSpec, RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';
import type { ServiceOrders } from '../emulator-orders.ts';
import { portsAskedFor } from './references.ts';
import { startOrder } from './start-order.ts';

/** What a container runs: a program of this machine, or an image in Docker. */
export type Source =
  | { readonly kind: 'process'; readonly command: readonly string[]; readonly cwd: string }
  | {
      readonly kind: 'image';
      readonly image: string;
      /** Instead of the image's entrypoint and command. */
      readonly command: readonly string[];
      /** Instead of the image's command, when it keeps its entrypoint. */
      readonly args: readonly string[];
    };

/** A container of an instance, and how it is run here. */
export interface PlannedContainer {
  readonly spec: ContainerSpec;
  readonly source: Source;
}

/** What to run for each instance of a revision, or why that is impossible. */
export type InstancePlan =
  | {
      readonly kind: 'plan';
      /** Each after all that it depends on. */
      readonly containers: readonly PlannedContainer[];
      /** Names of those that listen where they are told to. */
      readonly told: ReadonlySet<string>;
    }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/** Finds a way to run every container. If one has none, nothing is started. */
export function planInstance(service: ServiceOrders, spec: RevisionSpec): InstancePlan {
  const order = startOrder(spec.containers);
  if (order.kind === 'impossible') return order;
  const containers: PlannedContainer[] = [];
  for (const container of order.containers) {
    const source = sourceOf(service, container);
    if (source === null) return { kind: 'impossible', problem: nothingToRun(container) };
    containers.push({ spec: container, source });
  }
  const problem = portProblem(containers);
  return problem === null
    ? { kind: 'plan', containers, told: toldPorts(containers) }
    : { kind: 'impossible', problem };
}

/** What is run: the person's own choice, the container's command as a program of this machine, or its image. */
function sourceOf(service: ServiceOrders, container: ContainerSpec): Source | null {
  const cwd = resolve(service.cwd, container.workingDir ?? '.');
  const chosen = service.programs[container.name];
  if (chosen?.kind === 'process') return { ...chosen, cwd: service.cwd };
  if (chosen?.kind === 'image') return imageSource(chosen.image, chosen.command, container);
  if (container.image !== null) return imageSource(container.image, [], container);
  const command = [...container.command, ...container.args];
  return container.command.length > 0 ? { kind: 'process', command, cwd } : null;
}

function imageSource(image: string, chosen: readonly string[], { command, args }: ContainerSpec): Source {
  if (chosen.length > 0) return { kind: 'image', image, command: chosen, args: [] };
  if (command.length > 0) return { kind: 'image', image, command: [...command, ...args], args: [] };
  return { kind: 'image', image, command: [], args };
}

function nothingToRun({ name }: ContainerSpec): Problem {
  return {
    message: `container ${name} has neither a command nor an image to run here`,
    hint: `give it one under target.local, by its name`,
  };
}

/** Every text of a container in which a reference counts. */
function textsOf({ spec, source }: PlannedContainer): readonly string[] {
  const args = source.kind === 'image' ? source.args : [];
  return [...source.command, ...args, ...spec.env.flatMap((one) => ('value' in one ? [one.value] : []))];
}

/** The container that takes requests is told by $PORT. */
function toldPorts(containers: readonly PlannedContainer[]): ReadonlySet<string> {
  return new Set(
    containers.flatMap((container) => [
      ...(container.spec.ingress ? [container.spec.name] : []),
      ...textsOf(container)
        .flatMap(portsAskedFor)
        .map((name) => (name === '' ? container.spec.name : name)),
    ]),
  );
}

/** A port is useful only where both are reached at localhost: two processes, or two Docker containers. */
function portProblem(containers: readonly PlannedContainer[]): Problem | null {
  const kinds = new Map(containers.map(({ spec, source }) => [spec.name, source.kind]));
  for (const container of containers) {
    const { name } = container.spec;
    for (const other of textsOf(container).flatMap(portsAskedFor)) {
      const kind = other === '' ? container.source.kind : kinds.get(other);
      if (kind === undefined)
        return {
          message: `container ${name} asks for \${port:${other}}, but there is no container ${other}`,
          hint: `the containers are ${[...kinds.keys()].join(', ')}`,
        };
      if (kind !== container.source.kind)
        return {
          message: `container ${name} asks for \${port:${other}}, but only one of the two runs in Docker`,
          hint: 'they have no localhost in common: run both as processes, or both from images',
        };
    }
  }
  return null;
}
