import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { SourcedEnv } from './env-settings.ts';
import type { Reading } from './reading.ts';
import type { Sourced } from '../service-draft.ts';
import type { ResourceContainer } from './resource-container.ts';
import type { EnvYaml } from './service-yaml.ts';

/** The environment of one container. */
export interface EnvReading {
  readonly list: NonNullable<ResourceContainer['env']>;
  /** The variables that have their text in the file. */
  readonly plain: SourcedEnv;
  /** The secrets that hold the others. */
  readonly secrets: readonly Sourced<string>[];
}

/** Reads `env`: text, or a secret for each variable. */
export function readEnv(given: readonly EnvYaml[], source: YamlFile, path: YamlPath): Reading<EnvReading> {
  const plain = new Map<string, Sourced<string>>();
  const secrets: Sourced<string>[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const list = given.map((item, index) => {
    const place = source.placeOf([...path, index, item.value === undefined ? 'name' : 'value']);
    const wrong = wrongWith(item, seen);
    if (wrong !== undefined) problems.push({ message: `env: ${item.name} ${wrong}`, place });
    seen.add(item.name);
    const ref = item.valueFrom?.secretKeyRef;
    if (ref === undefined) {
      if (item.valueFrom === undefined) plain.set(item.name, { value: item.value ?? '', place });
      return { name: item.name, value: item.value ?? '' };
    }
    secrets.push({
      value: ref.name,
      place: source.placeOf([...path, index, 'valueFrom', 'secretKeyRef', 'name']),
    });
    const secretKeyRef = { secret: ref.name, version: String(ref.key ?? 'latest') };
    return { name: item.name, valueSource: { secretKeyRef } };
  });
  return { value: { list, plain, secrets }, problems, warnings: [] };
}

function wrongWith({ name, value, valueFrom }: EnvYaml, seen: ReadonlySet<string>): string | undefined {
  if (seen.has(name)) return 'is declared twice';
  if (valueFrom === undefined) return undefined;
  if (value !== undefined) return 'has a value and a valueFrom';
  return valueFrom.secretKeyRef === undefined
    ? 'has a valueFrom that Cloud Run does not know; it knows secretKeyRef'
    : undefined;
}
