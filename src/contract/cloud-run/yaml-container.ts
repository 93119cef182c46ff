import type { Problem } from '../../base/errors.ts';
import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compact, remarksOf, type Reading } from './reading.ts';
import type { ResourceContainer } from './resource-container.ts';
import { knownYamlKeys, type ContainerYaml, type Metadata } from './service-yaml.ts';
import { strayKeys } from './stray-keys.ts';
import { readEnv, type EnvReading } from './yaml-env.ts';
import { readProbes } from './yaml-probe.ts';
import { annotation } from './yaml-remarks.ts';

/** One container in the Admin API's form. */
export interface ContainerReading extends Pick<EnvReading, 'plain' | 'secrets'> {
  readonly resource: ResourceContainer;
}

/** Which of the containers takes the requests: the one with a port. A single container needs none. */
export function ingressOf(
  containers: readonly ContainerYaml[],
  source: YamlFile,
  path: YamlPath,
): { readonly index: number; readonly problems: readonly Problem[] } {
  const open = containers.flatMap((container, index) => ((container.ports ?? []).length > 0 ? [index] : []));
  const index = open[0] ?? 0;
  if (containers.length < 2 || open.length === 1) return { index, problems: [] };
  const message = `containers: exactly one must declare ports, which makes it the one that takes requests; ${open.length} do`;
  return { index, problems: [{ message, place: source.placeOf(path) }] };
}

/** Where a container stands, and the annotations of its template. */
export interface ContainerPlace {
  readonly source: YamlFile;
  readonly path: YamlPath;
  readonly template: Metadata;
}

/** Reads one container. */
export function readContainer(given: ContainerYaml, at: ContainerPlace): Reading<ContainerReading> {
  const { source, path } = at;
  const env = readEnv(given.env ?? [], source, [...path, 'env']);
  const probes = readProbes(given, source, path);
  const strays = strayKeys(source, given, path, knownYamlKeys.container);
  const remarks = remarksOf([env, strays, probes]);
  return {
    value: {
      plain: env.value.plain,
      secrets: env.value.secrets,
      resource: compact({
        name: given.name,
        image: given.image,
        command: given.command,
        args: given.args,
        workingDir: given.workingDir,
        env: given.env && env.value.list,
        resources: resourcesOf(given, at.template),
        ports: given.ports?.map(({ name, containerPort }) => compact({ name, containerPort })),
        volumeMounts: given.volumeMounts?.map(({ name, mountPath }) => ({ name, mountPath })),
        ...probes.value,
      }),
    },
    problems: [...remarks.problems, ...portProblems(given, at), ...mountProblems(given, at)],
    warnings: remarks.warnings,
  };
}

/**
 * Where limits are sent, the Admin API takes a missing `cpuIdle` for false: what service.yaml leaves to the
 * platform's default has to be said there.
 */
function resourcesOf({ resources }: ContainerYaml, template: Metadata): ResourceContainer['resources'] {
  const throttling = annotation(template, 'cpu-throttling');
  const boost = annotation(template, 'startup-cpu-boost');
  if (resources === undefined && throttling === undefined && boost === undefined) return undefined;
  const limits = Object.entries(resources?.limits ?? {}).map(([key, value]) => [key, String(value)] as const);
  return compact({
    limits: limits.length === 0 ? undefined : Object.fromEntries(limits),
    cpuIdle: throttling !== 'false',
    startupCpuBoost: boost === undefined ? undefined : boost === 'true',
  });
}

function portProblems({ ports = [] }: ContainerYaml, { source, path }: ContainerPlace): readonly Problem[] {
  const name = ports[0]?.name ?? '';
  const place = source.placeOf([...path, 'ports', 0, 'name']);
  if (name === 'h2c')
    return [
      {
        message: 'ports: h2c (HTTP/2 to the container) is not run by the emulator',
        place,
        hint: 'a service that speaks HTTP/1.1 too can be run as http1',
      },
    ];
  return name === '' || name === 'http1'
    ? []
    : [{ message: `ports: Cloud Run knows the names http1 and h2c, not "${name}"`, place }];
}

function mountProblems(
  { volumeMounts = [] }: ContainerYaml,
  { source, path }: ContainerPlace,
): readonly Problem[] {
  return volumeMounts.flatMap(({ mountPath }, index) =>
    volumeMounts.findIndex((mount) => mount.mountPath === mountPath) < index
      ? [
          {
            message: `volumeMounts: two volumes are mounted at ${mountPath}`,
            place: source.placeOf([...path, 'volumeMounts', index, 'mountPath']),
          },
        ]
      : [],
  );
}
