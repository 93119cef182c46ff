import type { Problem } from '../../../base/errors.ts';

/** A container as far as its start depends on others. */
export interface Dependant {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** The containers, each after all that it depends on; or why there is no such order. */
export type StartOrder<C> =
  | { readonly kind: 'order'; readonly containers: readonly C[] }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/** Orders containers by what they depend on; among those that are free to start, as they were declared. */
export function startOrder<C extends Dependant>(containers: readonly C[]): StartOrder<C> {
  const problem = nameProblem(containers);
  if (problem !== null) return { kind: 'impossible', problem };
  const ordered: C[] = [];
  const begun = new Set<string>();
  let waiting = containers;
  while (waiting.length > 0) {
    const free = waiting.filter(({ dependsOn }) => dependsOn.every((name) => begun.has(name)));
    if (free.length === 0) return { kind: 'impossible', problem: cycleProblem(waiting) };
    for (const one of free) begun.add(one.name);
    ordered.push(...free);
    waiting = waiting.filter(({ name }) => !begun.has(name));
  }
  return { kind: 'order', containers: ordered };
}

function nameProblem(containers: readonly Dependant[]): Problem | null {
  const names = containers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { message: `two containers are named ${twice}` };
  for (const { name, dependsOn } of containers) {
    const unknown = dependsOn.find((other) => !names.includes(other));
    if (unknown !== undefined)
      return {
        message: `container ${name} depends on ${unknown}, which is no container of the service`,
        hint: `the containers are ${names.join(', ')}`,
      };
  }
  return null;
}

/** Every one that waits waits for another that does: following them ends in a circle. */
function cycleProblem(waiting: readonly Dependant[]): Problem {
  const byName = new Map(waiting.map((one) => [one.name, one]));
  const path: string[] = [];
  let name = waiting[0]?.name;
  while (name !== undefined && !path.includes(name)) {
    path.push(name);
    name = byName.get(name)?.dependsOn.find((other) => byName.has(other));
  }
  const circle = [...path.slice(path.indexOf(name ?? '')), name];
  return {
    message: `the containers depend on each other in a circle: ${circle.join(' -> ')}`,
    hint: 'a container starts after all that it depends on have started',
  };
}
