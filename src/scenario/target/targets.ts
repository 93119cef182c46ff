import type { YamlPath } from '../../base/yaml.ts';

/** `target.local`, where the service that takes the load is described. */
export const localPath: YamlPath = ['target', 'local'];

/** The services that a scenario of any shape runs, and where each is described; the one that takes the load first. */
export function targetsIn(value: unknown): readonly { readonly given: unknown; readonly path: YamlPath }[] {
  // At an address only a name is given.
  if (fieldAt(value, ['target', 'url']) !== undefined && fieldAt(value, localPath) === undefined)
    return [{ given: { name: fieldAt(value, ['target', 'name']) }, path: ['target'] }];
  const others = fieldAt(value, [...localPath, 'others']);
  const list: readonly unknown[] = Array.isArray(others) ? others : [];
  return [
    { given: fieldAt(value, localPath), path: localPath },
    ...list.map((given, index) => ({ given, path: [...localPath, 'others', index] })),
  ];
}

/** True inside of a `resource:`, which is the Admin API's and taken as it stands. */
export function isResource(path: YamlPath): boolean {
  if (path[0] !== localPath[0] || path[1] !== localPath[1]) return false;
  return path[2] === 'resource' || (path[2] === 'others' && path[4] === 'resource');
}

/** The value at a path of anything; undefined where there is none. */
export function fieldAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (current, step) =>
      current !== null && typeof current === 'object' && Object.hasOwn(current, step)
        ? (current as Readonly<Record<string, unknown>>)[step]
        : undefined,
    value,
  );
}
