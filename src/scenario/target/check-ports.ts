import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { ResourceContainer } from '../../contract/cloud-run/resource-container.ts';
import type { ServiceResource } from '../../contract/cloud-run/service-resource.ts';
import { ingressName } from './local-resource.ts';
import type { LocalService } from './local-target.ts';
import type { Where } from './where.ts';

/** `${port:NAME}`: the port that another container of the same instance was given. */
const portOf = /\$\{port:([^}]+)\}/g;

/** Ports of containers that there are not. */
export function portProblems(
  resource: ServiceResource,
  programs: LocalService['programs'],
  where: Where,
): readonly Problem[] {
  const containers = resource.template.containers ?? [];
  const ingress = ingressName(resource);
  const names = containers.flatMap(({ name }) => name ?? []);
  return containers.flatMap((container) => {
    const name = container.name ?? '';
    const at = where.at(name === ingress ? [] : ['containers', name]);
    const asked = textsOf(container, programs).flatMap((text) =>
      [...text.matchAll(portOf)].map(([, port = '']) => port),
    );
    return [...new Set(asked)]
      .filter((port) => !names.includes(port))
      .map((port) => {
        const near = nearest(port, names);
        return {
          message: `${name} asks for \${port:${port}}, but there is no container "${port}"`,
          ...at,
          hint: near === undefined ? `the containers are ${names.join(', ')}` : `did you mean "${near}"?`,
        };
      });
  });
}

function textsOf(container: ResourceContainer, programs: LocalService['programs']): readonly string[] {
  const { name = '', command = [], args = [], env = [] } = container;
  const chosen = Object.hasOwn(programs, name) ? programs[name] : undefined;
  return [...(chosen?.command ?? [...command, ...args]), ...env.flatMap(({ value }) => value ?? [])];
}
