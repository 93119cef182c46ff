import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { ServiceImport } from './import-service.ts';
import { revisionSpecOf } from './revision-spec.ts';
import type { SettingKey, Sourced } from '../service-draft.ts';
import type { ResourceContainer } from './resource-container.ts';
import type { ServiceResource } from './service-resource.ts';

/** What a service in the Admin API's form declares. Its environment speaks for no contract: one stands beside it. */
export function importResource(resource: ServiceResource, source: YamlFile, path: YamlPath): ServiceImport {
  const place = source.placeOf(path);
  const { template, scaling } = resource;
  const spec = revisionSpecOf(template);
  const settings = new Map<SettingKey, Sourced<number>>();
  const take = (key: SettingKey, value: number, at: YamlPath): void =>
    void settings.set(key, { value, place: source.placeOf([...path, ...at]) });
  if ((template.maxInstanceRequestConcurrency ?? 0) > 0)
    take('container_concurrency', spec.concurrency, ['template', 'maxInstanceRequestConcurrency']);
  if (template.timeout !== undefined)
    take('request_timeout_seconds', spec.timeoutMs / 1000, ['template', 'timeout']);
  const manual = scaling?.scalingMode === 'MANUAL' ? scaling.manualInstanceCount : undefined;
  const caps = [template.scaling?.maxInstanceCount, scaling?.maxInstanceCount];
  const max = manual ?? Math.min(...caps.filter((cap) => cap !== undefined && cap > 0).map(Number));
  if (Number.isFinite(max)) take('max_instances', max, ['scaling']);
  return { place, resource, settings, env: new Map(), secrets: wantedSecrets(resource, place), warnings: [] };
}

function wantedSecrets(
  resource: ServiceResource,
  place: Sourced<string>['place'],
): readonly Sourced<string>[] {
  return secretsOf(resource).map((value) => ({ value, place }));
}

/** The names of the secrets that a service's containers and volumes ask for, each once. */
export function secretsOf({ template }: ServiceResource): readonly string[] {
  const inEnv = (template.containers ?? []).flatMap(secretsOfEnv);
  const inVolumes = (template.volumes ?? []).flatMap(({ secret }) => secret?.secret ?? []);
  return [...new Set([...inEnv, ...inVolumes])];
}

function secretsOfEnv({ env = [] }: ResourceContainer): readonly string[] {
  return env.flatMap(({ valueSource }) => valueSource?.secretKeyRef?.secret ?? []);
}
