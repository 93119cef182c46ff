import type { Place } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';

/** Where what is said of a service stands; without a place when it came from a command line. */
export interface Where {
  at(path: YamlPath): { readonly place?: Place };
  atKey(path: YamlPath): { readonly place?: Place };
  /** How a key is called in messages. */
  name(path: YamlPath): string;
}

/** Below a path of a file. */
export function whereIn(source: YamlFile, base: YamlPath): Where {
  return {
    at: (path) => ({ place: source.placeOf([...base, ...path]) }),
    atKey: (path) => ({ place: source.placeOfKey([...base, ...path]) }),
    name: (path) => [...base, ...path].join('.'),
  };
}

/** On a command line. */
export const nowhere: Where = {
  at: () => ({}),
  atKey: () => ({}),
  name: (path) => path.join('.'),
};
