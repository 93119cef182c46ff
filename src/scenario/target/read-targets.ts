import type { Problem } from '../../base/errors.ts';
import { loadYaml } from '../../base/load-yaml.ts';
import { checkShape, type Checked } from '../../base/shape.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { SourcedEnv } from '../../contract/cloud-run/env-settings.ts';
import { importResource } from '../../contract/cloud-run/import-resource.ts';
import { importService, type ServiceImport } from '../../contract/cloud-run/import-service.ts';
import type { Sourced } from '../../contract/service-draft.ts';
import { serviceResource } from '../../contract/cloud-run/service-resource.ts';
import { instanceEnv } from './instance-env.ts';
import { fieldAt, localPath, targetsIn } from './targets.ts';

/** What a scenario and its service.yaml say of one service that is run, as far as its contract needs it. */
export interface ReadTarget {
  /** Where it is described in the scenario. */
  readonly path: YamlPath;
  readonly imported: ServiceImport | undefined;
  /** A service.yaml is named that can't be read: what refers to it can't be checked. */
  readonly isUnknown: boolean;
  /** The name that the scenario gives it. */
  readonly chosen: Sourced<string> | undefined;
  /** The environment of the container that takes its requests. */
  readonly env: SourcedEnv;
  readonly problems: readonly Problem[];
}

/** Reads service.yaml of every service that runs. Tolerates a scenario of any shape. */
export async function readTargets(
  value: unknown,
  source: YamlFile,
  resolve: (path: string) => string,
): Promise<readonly [ReadTarget, ...ReadTarget[]]> {
  const profile = fieldAt(value, [...localPath, 'profile']) === 'knative' ? 'knative' : 'cloudrun';
  const [first, ...others] = targetsIn(value).map(async ({ given, path }) => {
    const imported = await readService(given, { source, path, resolve, profile });
    return readTarget(given, path, imported, source);
  });
  if (first === undefined) throw new TypeError('a scenario has a place for its target');
  return [await first, ...(await Promise.all(others))];
}

function readTarget(
  given: unknown,
  path: YamlPath,
  imported: Checked<ServiceImport> | undefined,
  source: YamlFile,
): ReadTarget {
  const service = imported?.ok === true ? imported.value : undefined;
  const own = instanceEnv(service?.env ?? new Map(), ownEnv(given), source, [...path, 'env']);
  const name = fieldAt(given, ['name']);
  return {
    path,
    imported: service,
    isUnknown: imported?.ok === false,
    chosen: typeof name === 'string' ? { value: name, place: source.placeOf([...path, 'name']) } : undefined,
    env: own.env,
    problems: [...(imported?.ok === false ? imported.problems : []), ...own.problems],
  };
}

interface Origin {
  readonly source: YamlFile;
  readonly path: YamlPath;
  readonly resolve: (path: string) => string;
  readonly profile: 'cloudrun' | 'knative';
}

async function readService(
  given: unknown,
  { source, path, resolve, profile }: Origin,
): Promise<Checked<ServiceImport> | undefined> {
  const name = fieldAt(given, ['service']);
  const resource = fieldAt(given, ['resource']);
  const at = [...path, 'resource'];
  if (name !== undefined && resource !== undefined)
    return {
      ok: false,
      problems: [{ message: '"service" and "resource" exclude each other', place: source.placeOfKey(at) }],
    };
  if (resource !== undefined) {
    const checked = checkShape(serviceResource, source, resource, at);
    // Its shape is checked with the rest of the scenario, which tells what is wrong.
    return checked.ok ? { ok: true, value: importResource(checked.value, source, at) } : undefined;
  }
  if (typeof name !== 'string' || name === '') return undefined;
  const file = await loadYaml(resolve(name), source.placeOf([...path, 'service']));
  return file.problems.length > 0 ? { ok: false, problems: file.problems } : importService(file, profile);
}

function ownEnv(given: unknown): Readonly<Record<string, string>> {
  const env = fieldAt(given, ['env']);
  const entries = env !== null && typeof env === 'object' ? Object.entries(env) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
