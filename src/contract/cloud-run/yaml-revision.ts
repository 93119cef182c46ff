import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import type { SourcedEnv } from './env-settings.ts';
import { compact, remarksOf, type Reading } from './reading.ts';
import type { Sourced } from '../service-draft.ts';
import type { ResourceContainer } from './resource-container.ts';
import type { ResourceVolume } from './resource-volume.ts';
import type { RevisionTemplate } from './service-resource.ts';
import type { RevisionYaml } from './service-yaml.ts';
import { ingressOf, readContainer } from './yaml-container.ts';
import { readDependencies } from './yaml-dependencies.ts';
import { annotation, knativeTuning, ownRemarks } from './yaml-remarks.ts';
import type { Annotated } from './yaml-scaling.ts';
import { templateFields } from './yaml-typed.ts';
import { readVolumes } from './yaml-volumes.ts';

/** A revision's template in the Admin API's form, and what of it others ask for. */
export interface RevisionReading {
  readonly template: RevisionTemplate;
  /** Plain variables of the container that takes the requests. */
  readonly env: SourcedEnv;
  /** Names of the secrets that variables and volumes hold, each where it is first asked for. */
  readonly secrets: readonly Sourced<string>[];
}

/** Where a revision's spec stands, and the metadata beside it. */
export interface RevisionPlace {
  readonly source: YamlFile;
  readonly specPath: YamlPath;
  readonly template: Annotated;
  readonly scaling: RevisionTemplate['scaling'];
  /** A snippet that starts at the revision's spec: what it leaves out may be declared elsewhere. */
  readonly bare: boolean;
}

/** Reads a revision: its containers, volumes and annotations. */
export function readRevision(spec: RevisionYaml, at: RevisionPlace): Reading<RevisionReading> {
  const { source, specPath } = at;
  const path = [...specPath, 'containers'];
  const given = spec.containers ?? [];
  const ingress = ingressOf(given, source, path);
  const read = given.map((one, index) =>
    readContainer(one, { source, path: [...path, index], template: at.template.metadata }),
  );
  const volumes = readVolumes(spec.volumes ?? [], source, [...specPath, 'volumes']);
  const cloudSql = readCloudSql(at, volumes.value.list);
  const plain = read.map(({ value }) => value.resource);
  const dependencies = readDependencies({
    text: annotation(at.template.metadata, 'container-dependencies'),
    place: placeOfAnnotation(at, 'container-dependencies'),
    containers: plain,
    ingress: ingress.index,
  });
  const containers = plain.map((container, index) =>
    compact({
      ...container,
      dependsOn: dependencies.value.get(container.name ?? '')?.slice(),
      volumeMounts: mountsOf(container, index === ingress.index && cloudSql.value !== undefined),
    }),
  );
  const list = [...volumes.value.list, ...(cloudSql.value === undefined ? [] : [cloudSql.value])];
  const remarks = remarksOf([
    { problems: ingress.problems, warnings: [] },
    ...read,
    volumes,
    cloudSql,
    dependencies,
    { problems: nameProblems(plain, source, path), warnings: [] },
    checkMounts(containers, list, at),
    { problems: affinityProblems(at), warnings: [] },
  ]);
  return {
    value: {
      template: templateOf(spec, at, { containers, volumes: list }),
      env: read[ingress.index]?.value.plain ?? new Map(),
      secrets: [...read.flatMap(({ value }) => value.secrets), ...volumes.value.secrets],
    },
    ...remarks,
  };
}

function templateOf(
  spec: RevisionYaml,
  { template: { metadata }, scaling }: RevisionPlace,
  parts: { readonly containers: ResourceContainer[]; readonly volumes: ResourceVolume[] },
): RevisionTemplate {
  const gpu = spec.nodeSelector?.['run.googleapis.com/accelerator'];
  const concurrency = spec.containerConcurrency ?? 0;
  return compact({
    revision: metadata.name,
    labels: ownRemarks(metadata.labels),
    annotations: ownRemarks(metadata.annotations, knativeTuning(metadata)),
    scaling,
    timeout: spec.timeoutSeconds === undefined ? undefined : `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    containers: parts.containers.length === 0 ? undefined : parts.containers,
    volumes: parts.volumes.length === 0 ? undefined : parts.volumes,
    maxInstanceRequestConcurrency: concurrency > 0 ? concurrency : undefined,
    healthCheckDisabled: annotation(metadata, 'health-check-disabled') === 'true' ? true : undefined,
    nodeSelector: gpu === undefined ? undefined : { accelerator: gpu },
    ...templateFields(metadata),
  });
}

function mountsOf(
  { volumeMounts }: ResourceContainer,
  withCloudSql: boolean,
): ResourceContainer['volumeMounts'] {
  return withCloudSql
    ? [...(volumeMounts ?? []), { name: cloudSqlName, mountPath: '/cloudsql' }]
    : volumeMounts;
}

const cloudSqlName = 'cloudsql';

/** The annotation cloudsql-instances: a list of PROJECT:REGION:INSTANCE, each a socket under /cloudsql. */
function readCloudSql(
  at: RevisionPlace,
  declared: readonly ResourceVolume[],
): Reading<ResourceVolume | undefined> {
  const text = annotation(at.template.metadata, 'cloudsql-instances');
  if (text === undefined || text.trim() === '') return { value: undefined, problems: [], warnings: [] };
  const instances = text.split(',').map((name) => name.trim());
  const place = placeOfAnnotation(at, 'cloudsql-instances');
  const wrong = instances.filter((name) => !/^(?:[\w.-]+:)?[\w-]+:[\w-]+:[\w-]+$/.test(name));
  return {
    value: { name: cloudSqlName, cloudSqlInstance: { instances } },
    problems: [
      ...wrong.map((name) => ({
        message: `cloudsql-instances: expected PROJECT:REGION:INSTANCE, got "${name}"`,
        place,
      })),
      ...(declared.some(({ name }) => name === cloudSqlName)
        ? [{ message: `cloudsql-instances: a volume "${cloudSqlName}" is declared already`, place }]
        : []),
    ],
    warnings: [],
  };
}

function placeOfAnnotation({ source, template }: RevisionPlace, name: string): Sourced<unknown>['place'] {
  return source.placeOf([...template.path, 'annotations', `run.googleapis.com/${name}`]);
}

function nameProblems(
  containers: readonly ResourceContainer[],
  source: YamlFile,
  path: YamlPath,
): readonly Problem[] {
  return containers.flatMap(({ name }, index) =>
    name !== undefined && containers.findIndex((one) => one.name === name) < index
      ? [{ message: `two containers are called "${name}"`, place: source.placeOf([...path, index, 'name']) }]
      : [],
  );
}

/** Mounts of volumes that nobody declares. */
function checkMounts(
  containers: readonly ResourceContainer[],
  volumes: readonly ResourceVolume[],
  { source, specPath, bare }: RevisionPlace,
): Omit<Reading<unknown>, 'value'> {
  const missing = containers.flatMap(({ volumeMounts = [] }, index) =>
    volumeMounts.flatMap(({ name, mountPath }, mount) =>
      volumes.some((volume) => volume.name === name)
        ? []
        : [{ name, mountPath, path: [...specPath, 'containers', index, 'volumeMounts', mount, 'name'] }],
    ),
  );
  if (bare)
    return {
      problems: [],
      warnings: missing.map(
        ({ name, mountPath }) => `the volume ${name} is not declared: nothing is mounted at ${mountPath}`,
      ),
    };
  const known = volumes.map((volume) => volume.name).join(', ');
  return {
    problems: missing.map(({ name, path }) => ({
      message: `volumeMounts: there is no volume "${name}"`,
      place: source.placeOf(path),
      hint: known === '' ? 'declare it under "volumes:"' : `declared: ${known}`,
    })),
    warnings: [],
  };
}

function affinityProblems(at: RevisionPlace): readonly Problem[] {
  if (annotation(at.template.metadata, 'sessionAffinity') !== 'true') return [];
  return [
    {
      message: 'run.googleapis.com/sessionAffinity is not run by the emulator',
      place: placeOfAnnotation(at, 'sessionAffinity'),
      hint: 'affinity is best effort on Cloud Run: a service has to work without it',
    },
  ];
}
