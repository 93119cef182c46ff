import type { Place, Problem } from '../../base/errors.ts';
import { checkShape, type Checked } from '../../base/shape.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { annotationWarning, type ProfileName } from './annotations.ts';
import type { SourcedEnv } from './env-settings.ts';
import { compact, remarksOf, type Reading } from './reading.ts';
import type { SettingKey, Sourced } from '../service-draft.ts';
import type { ServiceResource } from './service-resource.ts';
import {
  knownYamlKeys,
  metadata,
  revisionSpec,
  trafficList,
  type RevisionYaml,
  type TrafficYaml,
} from './service-yaml.ts';
import { strayKeys } from './stray-keys.ts';
import { kindProblems, layoutOf, recordOf, type Fields, type Layout } from './yaml-layout.ts';
import { ownRemarks } from './yaml-remarks.ts';
import { readRevision } from './yaml-revision.ts';
import { readScaling, type Annotated } from './yaml-scaling.ts';
import { readTraffic } from './yaml-traffic.ts';
import { serviceFields } from './yaml-typed.ts';

/** What a Cloud Run or Knative service.yaml declares. */
export interface ServiceImport {
  readonly place: Place;
  readonly name?: Sourced<string>;
  /** The whole document in the Admin API's form. */
  readonly resource: ServiceResource;
  /** The numbers of the contract that it declares. */
  readonly settings: ReadonlyMap<SettingKey, Sourced<number>>;
  /** omega, where a service-level cap implies it. */
  readonly impliedOverlap?: number;
  /** Plain variables of the container that takes the requests. */
  readonly env: SourcedEnv;
  /** The secrets that containers and volumes want, by name, each where it is asked for. */
  readonly secrets: readonly Sourced<string>[];
  /** What was declared and has no effect here. */
  readonly warnings: readonly string[];
}

/** Reads a service.yaml: a whole Knative service, or a snippet that starts at the revision's `spec:`. */
export function importService(source: YamlFile, profile: ProfileName = 'cloudrun'): Checked<ServiceImport> {
  const root = recordOf(source.value);
  const wrongKind = kindProblems(source, root);
  if (wrongKind.length > 0) return { ok: false, problems: wrongKind };
  const layout = layoutOf(root);
  const service = readMetadata(source, root['metadata'], ['metadata']);
  const template = readMetadata(source, layout.template['metadata'], ['spec', 'template', 'metadata']);
  const checked = checkShape(revisionSpec, source, layout.revision, layout.specPath);
  const traffic = checkShape(trafficList, source, layout.spec['traffic'] ?? [], ['spec', 'traffic']);
  const strays = strayKeysOf(source, root, layout);
  if (!service.ok || !template.ok || !checked.ok || !traffic.ok) {
    const wrong = [service, template, checked, traffic].flatMap((one) => (one.ok ? [] : one.problems));
    return { ok: false, problems: [...wrong, ...strays.problems] };
  }
  const parts = { service: service.value, template: template.value, traffic: traffic.value };
  const read = assemble({ source, profile, layout, ...parts }, checked.value);
  const problems = [...strays.problems, ...read.problems];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { ...read.value, warnings: [...read.warnings, ...strays.warnings] } };
}

function strayKeysOf(source: YamlFile, root: Fields, layout: Layout): ReturnType<typeof strayKeys> {
  const all = [
    strayKeys(source, root, [], knownYamlKeys.service),
    strayKeys(source, layout.spec, ['spec'], knownYamlKeys.spec),
    strayKeys(source, recordOf(root['metadata']), ['metadata'], knownYamlKeys.metadata),
    strayKeys(source, layout.template, ['spec', 'template'], ['metadata', 'spec']),
    strayKeys(
      source,
      recordOf(layout.template['metadata']),
      ['spec', 'template', 'metadata'],
      knownYamlKeys.metadata,
    ),
    strayKeys(source, recordOf(layout.revision), layout.specPath, knownYamlKeys.revision),
  ];
  return {
    problems: all.flatMap((one) => one.problems),
    warnings: all.flatMap((one) => one.warnings),
  };
}

/** The checked parts of a document. */
interface Parts {
  readonly source: YamlFile;
  readonly profile: ProfileName;
  readonly layout: Layout;
  readonly service: Annotated;
  readonly template: Annotated;
  readonly traffic: TrafficYaml;
}

function assemble(parts: Parts, spec: RevisionYaml): Reading<Omit<ServiceImport, 'warnings'>> {
  const { source, service, template, layout } = parts;
  const { specPath, bare } = layout;
  const scaling = readScaling(service, template);
  const traffic = readTraffic(parts.traffic, source, ['spec', 'traffic']);
  const at = { source, specPath, template, scaling: scaling.ofRevision, bare };
  const revision = readRevision(spec, at);
  const name = service.metadata.name;
  const remarks = remarksOf([
    { problems: [...scaling.problems, ...revisionNameProblems(parts)], warnings: [] },
    revision,
    traffic,
    { problems: [], warnings: annotationWarnings(parts) },
  ]);
  return {
    ...remarks,
    value: {
      place: source.placeOf([]),
      ...(name === undefined ? {} : { name: { value: name, place: source.placeOf(['metadata', 'name']) } }),
      resource: compact({
        labels: ownRemarks(service.metadata.labels),
        annotations: ownRemarks(service.metadata.annotations),
        ...serviceFields(service.metadata),
        template: revision.value.template,
        traffic: traffic.value.length === 0 ? undefined : [...traffic.value],
        scaling: scaling.ofService,
      }),
      settings: settingsOf(spec, parts, scaling.settings),
      ...(scaling.impliedOverlap === undefined ? {} : { impliedOverlap: scaling.impliedOverlap }),
      env: revision.value.env,
      secrets: revision.value.secrets,
    },
  };
}

function settingsOf(
  spec: RevisionYaml,
  { source, layout: { specPath } }: Parts,
  scaling: ServiceImport['settings'],
): ServiceImport['settings'] {
  const settings = new Map(scaling);
  const take = (key: SettingKey, name: string, value: number | undefined): void => {
    if (value !== undefined && value > 0)
      settings.set(key, { value, place: source.placeOf([...specPath, name]) });
  };
  take('container_concurrency', 'containerConcurrency', spec.containerConcurrency);
  take('request_timeout_seconds', 'timeoutSeconds', spec.timeoutSeconds);
  return settings;
}

function annotationWarnings({ service, template, profile }: Parts): string[] {
  const levels = [
    ['service', service],
    ['template', template],
  ] as const;
  return levels.flatMap(([level, { metadata: given }]) =>
    Object.keys(given.annotations ?? {}).flatMap((key) => annotationWarning(key, level, profile) ?? []),
  );
}

/** A revision's name begins with the service's, as Cloud Run wants it. */
function revisionNameProblems({ source, service, template }: Parts): readonly Problem[] {
  const name = template.metadata.name;
  const owner = service.metadata.name;
  if (name === undefined || owner === undefined) return [];
  const isSound = name.length <= 63 && /^[a-z0-9-]*[a-z0-9]$/.test(name);
  if (isSound && name.startsWith(`${owner}-`)) return [];
  return [
    {
      message: `the revision's name must be "${owner}-" and lower-case letters, digits and "-", at most 63 in all`,
      place: source.placeOf([...template.path, 'name']),
    },
  ];
}

function readMetadata(source: YamlFile, value: unknown, path: YamlPath): Checked<Annotated> {
  const checked = checkShape(metadata, source, value ?? {}, path);
  return checked.ok ? { ok: true, value: { source, path, metadata: checked.value } } : checked;
}
