import type { Place, Problem } from '../base/errors.ts';
import { checkShape, type Checked } from '../base/shape.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import { annotationWarning } from './annotations.ts';
import type { SettingKey, Sourced } from './service-draft.ts';
import { knownYamlKeys, metadata, revisionSpec, type RevisionSpec } from './service-yaml.ts';
import { strayKeys } from './stray-keys.ts';
import { ingressOf, readContainer, type ReadContainer } from './yaml-container.ts';
import { readScaling, type Annotated } from './yaml-scaling.ts';

/** What a Cloud Run or Knative service.yaml declares. */
export interface ServiceImport extends ReadContainer {
  readonly place: Place;
  readonly name?: Sourced<string>;
  readonly settings: ReadonlyMap<SettingKey, Sourced<number>>;
  /** omega, where a service-level cap implies it. */
  readonly impliedOverlap?: number;
}

/** True for a document of the Cloud Run kind, and for its bare `spec:`. */
export function isServiceYaml(value: unknown): boolean {
  return isRecord(value) && ('apiVersion' in value || 'kind' in value || 'spec' in value);
}

/** Reads a service.yaml: a whole Knative service, or a snippet that starts at the revision's `spec:`. */
export function importService(source: YamlFile): Checked<ServiceImport> {
  const root = recordOf(source.value);
  const wrongKind = kindProblems(source, root);
  if (wrongKind.length > 0) return { ok: false, problems: wrongKind };
  const layout = layoutOf(root);
  const service = readMetadata(source, root['metadata'], ['metadata']);
  const template = readMetadata(source, layout.template['metadata'], ['spec', 'template', 'metadata']);
  const checked = checkShape(revisionSpec, source, layout.revision, layout.specPath);
  const strays = strayKeysOf(source, root, layout);
  if (!service.ok || !template.ok || !checked.ok) {
    const wrong = [service, template, checked].flatMap((one) => (one.ok ? [] : one.problems));
    return { ok: false, problems: [...wrong, ...strays.problems] };
  }
  const levels = { source, service: service.value, template: template.value, specPath: layout.specPath };
  const read = assemble(levels, checked.value);
  const problems = [...strays.problems, ...read.problems];
  if (problems.length > 0) return { ok: false, problems };
  const warnings = [...read.value.warnings, ...strays.warnings, ...splitWarning(layout.spec)];
  return { ok: true, value: { ...read.value, warnings } };
}

/** Where the parts of the document are: the revision's spec stands in a template, or right under `spec:`. */
interface Layout {
  readonly spec: Fields;
  readonly template: Fields;
  readonly revision: unknown;
  readonly specPath: YamlPath;
}

type Fields = Readonly<Record<string, unknown>>;

function layoutOf(root: Fields): Layout {
  const spec = recordOf(root['spec']);
  if (!('template' in spec)) return { spec: {}, template: {}, revision: spec, specPath: ['spec'] };
  const template = recordOf(spec['template']);
  return { spec, template, revision: template['spec'] ?? {}, specPath: ['spec', 'template', 'spec'] };
}

function strayKeysOf(source: YamlFile, root: Fields, layout: Layout): ReturnType<typeof strayKeys> {
  const all = [
    strayKeys(source, root, [], knownYamlKeys.service),
    strayKeys(source, layout.spec, ['spec'], knownYamlKeys.spec),
    strayKeys(source, recordOf(layout.revision), layout.specPath, knownYamlKeys.revision),
  ];
  return {
    problems: all.flatMap((one) => one.problems),
    warnings: all.flatMap((one) => one.warnings),
  };
}

interface Levels {
  readonly source: YamlFile;
  readonly service: Annotated;
  readonly template: Annotated;
  readonly specPath: YamlPath;
}

function assemble(
  { source, service, template, specPath }: Levels,
  spec: RevisionSpec,
): { readonly value: ServiceImport; readonly problems: readonly Problem[] } {
  const scaling = readScaling(service, template);
  const settings = new Map(scaling.settings);
  const take = (key: SettingKey, name: string, value: number | undefined): void => {
    if (value !== undefined && value > 0)
      settings.set(key, { value, place: source.placeOf([...specPath, name]) });
  };
  take('container_concurrency', 'containerConcurrency', spec.containerConcurrency);
  take('request_timeout_seconds', 'timeoutSeconds', spec.timeoutSeconds);
  const ingress = ingressOf(spec, source, specPath);
  const container = readContainer(ingress, source);
  const keys = [service, template].flatMap((level) => Object.keys(level.metadata.annotations ?? {}));
  const name = service.metadata.name;
  return {
    problems: [...scaling.problems, ...ingress.problems, ...container.problems],
    value: {
      ...container.value,
      place: source.placeOf([]),
      settings,
      ...(name === undefined ? {} : { name: { value: name, place: source.placeOf(['metadata', 'name']) } }),
      ...(scaling.impliedOverlap === undefined ? {} : { impliedOverlap: scaling.impliedOverlap }),
      warnings: [
        ...ingress.warnings,
        ...container.value.warnings,
        ...keys.flatMap((key) => annotationWarning(key) ?? []),
      ],
    },
  };
}

function kindProblems(source: YamlFile, root: Fields): Problem[] {
  const kind = root['kind'];
  if (!isServiceYaml(root))
    return [
      {
        message: 'this is no Cloud Run service.yaml: it has no "spec:"',
        place: source.placeOf([]),
        hint: 'a contract file goes under "contract:"',
      },
    ];
  if (kind !== undefined && kind !== 'Service')
    return [
      { message: `kind: expected Service, got ${JSON.stringify(kind)}`, place: source.placeOf(['kind']) },
    ];
  if (root['apiVersion'] !== undefined && root['apiVersion'] !== 'serving.knative.dev/v1')
    return [
      {
        message: `apiVersion: expected serving.knative.dev/v1, got ${JSON.stringify(root['apiVersion'])}`,
        place: source.placeOf(['apiVersion']),
      },
    ];
  if (isRecord(root['spec'])) return [];
  return [{ message: 'spec: expected keys with values', place: source.placeOf(['spec']) }];
}

function readMetadata(source: YamlFile, value: unknown, path: YamlPath): Checked<Annotated> {
  const checked = checkShape(metadata, source, value ?? {}, path);
  return checked.ok ? { ok: true, value: { source, path, metadata: checked.value } } : checked;
}

function splitWarning(spec: Fields): readonly string[] {
  const traffic = spec['traffic'];
  return Array.isArray(traffic) && traffic.length > 1
    ? ['spec.traffic splits requests between revisions; the emulator runs one revision']
    : [];
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
