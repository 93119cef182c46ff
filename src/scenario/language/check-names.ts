import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';

/** Refuses a second item of the same name in a list; `noun` says what the items are. */
export function checkNames(
  noun: string,
  items: readonly { readonly name: string }[],
  path: YamlPath,
  source: YamlFile,
): readonly Problem[] {
  return items.flatMap(({ name }, index) =>
    items.findIndex((item) => item.name === name) < index
      ? [
          {
            message: `two ${noun}s are called "${name}"`,
            place: source.placeOf([...path, index, 'name']),
          },
        ]
      : [],
  );
}
