import { z } from 'zod';
import type { Place, Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Reading } from './reading.ts';
import type { ResourceContainer } from './resource-container.ts';

/** The names of the containers that must have started before another, by its name. */
type Dependencies = ReadonlyMap<string, readonly string[]>;

/** What the annotation says, and between which containers. */
export interface DependencyOrders {
  readonly text: string | undefined;
  readonly place: Place;
  readonly containers: readonly ResourceContainer[];
  /** The index of the container that takes the requests. */
  readonly ingress: number;
}

const shape = z.record(z.string(), z.array(z.string()));

/** Reads the annotation container-dependencies, a JSON map such as `{"app":["proxy"]}`. */
export function readDependencies({
  text,
  place,
  containers,
  ingress,
}: DependencyOrders): Reading<Dependencies> {
  if (text === undefined) return { value: new Map(), problems: [], warnings: [] };
  const parsed = shape.safeParse(parse(text));
  if (!parsed.success) {
    const message = `container-dependencies: expected JSON such as {"app":["proxy"]}, got ${text}`;
    return { value: new Map(), problems: [{ message, place }], warnings: [] };
  }
  const value = new Map(Object.entries(parsed.data));
  const names = containers.flatMap(({ name }) => name ?? []);
  const wrong = [...new Set([...value].flat(2))].filter((name) => !names.includes(name));
  const unprobed = containers.flatMap(({ name, startupProbe }, index) =>
    index !== ingress && startupProbe === undefined && [...value.values()].flat().includes(name ?? '')
      ? [`${name ?? ''} has no startupProbe: what depends on it does not wait until it is ready`]
      : [],
  );
  const circle = circleIn(value);
  return {
    value,
    problems: [
      ...wrong.map((name) => unknownContainer(name, names, place)),
      ...(circle === undefined
        ? []
        : [{ message: `container-dependencies: ${circle.join(' needs ')}, in a circle`, place }]),
    ],
    warnings: unprobed,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unknownContainer(name: string, names: readonly string[], place: Place): Problem {
  const near = nearest(name, names);
  const hint = near === undefined ? `declared: ${names.join(', ')}` : `did you mean "${near}"?`;
  return { message: `container-dependencies: there is no container "${name}"`, place, hint };
}

/** A chain of dependencies that comes back to where it began; undefined when there is none. */
function circleIn(dependencies: Dependencies): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(name)) return [...above.slice(above.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const needed of dependencies.get(name) ?? []) {
      const circle = walk(needed, [...above, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of dependencies.keys()) {
    const circle = walk(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
