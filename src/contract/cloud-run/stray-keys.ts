import type { Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { unknownKey } from '../../base/shape.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';

/** Keys that Cloud Run does not have: a slip of one it has is an error, anything else is passed over aloud. */
export function strayKeys(
  source: YamlFile,
  value: object,
  path: YamlPath,
  known: readonly string[],
): { readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const strays = Object.keys(value).filter((key) => !known.includes(key));
  const slips = strays.filter((key) => nearest(key, known) !== undefined);
  return {
    problems: slips.map((key) => unknownKey([...path, key], known, source)),
    warnings: strays
      .filter((key) => !slips.includes(key))
      .map(
        (key) => `${[...path, key].join('.')} is not part of a Cloud Run service.yaml; it has no effect here`,
      ),
  };
}
