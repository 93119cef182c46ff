import { isScript } from '../base/secrets/out-of-sight.ts';
import type { YamlPath } from '../base/yaml.ts';
import type { BlottedText } from './interpolate.ts';

/** Warns of each secret that stands in an argument of a command, and can't be handed over otherwise. */
export function secretsInSight(file: unknown, blotted: readonly BlottedText[]): readonly string[] {
  return blotted
    .filter(
      ({ path }) => isArgument(path) && !(path.at(-1) === 2 && isScript(listAt(file, path.slice(0, -1)))),
    )
    .map(
      ({ path }) =>
        `${path.join('.')} holds a secret: while the command runs, every account of this machine can read it in ps`,
    );
}

function isArgument(path: YamlPath): boolean {
  const [list, index] = path.slice(-2);
  return typeof index === 'number' && (list === 'command' || list === 'undo');
}

function listAt(file: unknown, path: YamlPath): readonly string[] {
  const found = path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object'
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    file,
  );
  return Array.isArray(found) ? found.map(String) : [];
}
