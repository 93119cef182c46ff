import type { Problem } from '../base/errors.ts';
import type { YamlFile } from '../base/yaml.ts';
import type { SourcedEnv } from '../contract/env-settings.ts';
import type { Sourced } from '../contract/service-draft.ts';

/** What every instance is told by the platform; nobody else may. */
const platformNames = ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION', 'DATABASE_URL'];

/** The environment of local instances: service.yaml's, and the scenario's own over it. */
export interface InstanceEnv {
  readonly env: SourcedEnv;
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

/** Lays both over one another, without what the emulator sets by itself. */
export function instanceEnv(
  imported: SourcedEnv,
  own: Readonly<Record<string, string>>,
  source: YamlFile,
): InstanceEnv {
  const path = ['target', 'local', 'env'];
  const problems: Problem[] = [];
  const env = new Map<string, Sourced<string>>(imported);
  const warnings = platformNames
    .filter((name) => env.delete(name))
    .map((name) => `${name} in service.yaml is replaced by the emulator's own`);
  for (const [name, value] of Object.entries(own)) {
    const place = source.placeOfKey([...path, name]);
    if (platformNames.includes(name))
      problems.push({ message: `${name} is set by the emulator for every instance`, place });
    else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      problems.push({ message: `"${name}" is no name for an environment variable`, place });
    else env.set(name, { value, place });
  }
  return { env, warnings, problems };
}
