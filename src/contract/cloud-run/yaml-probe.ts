import type { YamlFile, YamlPath } from '../../base/yaml.ts';
import { compact, remarksOf, type Reading } from './reading.ts';
import type { ResourceProbe } from './resource-probe.ts';
import { knownYamlKeys, type ContainerYaml, type ProbeYaml } from './service-yaml.ts';
import { strayKeys } from './stray-keys.ts';

const kinds = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

type ProbeKind = (typeof kinds)[number];

type Probes = Readonly<Partial<Record<ProbeKind, ResourceProbe>>>;

/** The probes of one container. */
export function readProbes(container: ContainerYaml, source: YamlFile, path: YamlPath): Reading<Probes> {
  const read = kinds.flatMap((kind) => {
    const given = container[kind];
    return given === undefined ? [] : [{ kind, ...readProbe(kind, given, source, [...path, kind]) }];
  });
  return {
    value: Object.fromEntries(read.map(({ kind, value }) => [kind, value])),
    ...remarksOf(read),
  };
}

const handlers = ['httpGet', 'tcpSocket', 'grpc'] as const;

/** Cloud Run's defaults of what the timing rule compares. */
const defaultTimeoutSeconds = 1;
const defaultPeriodSeconds = 10;

function readProbe(
  kind: ProbeKind,
  given: ProbeYaml,
  source: YamlFile,
  path: YamlPath,
): Reading<ResourceProbe> {
  const strays = strayKeys(source, given, path, knownYamlKeys.probe);
  const found = handlers.filter((handler) => given[handler] !== undefined);
  const { timeoutSeconds = defaultTimeoutSeconds, periodSeconds = defaultPeriodSeconds } = given;
  const place = source.placeOf(path);
  return {
    value: probeResource(given),
    problems: [
      ...strays.problems,
      ...(found.length > 1 ? [{ message: `${kind}: ${found.join(' and ')} exclude each other`, place }] : []),
      ...(timeoutSeconds > periodSeconds
        ? [
            {
              message: `${kind}: timeoutSeconds ${timeoutSeconds} is more than periodSeconds ${periodSeconds}`,
              place,
            },
          ]
        : []),
    ],
    warnings: [
      ...strays.warnings,
      ...(found.includes('grpc') ? [`the grpc ${kind} is run as a tcp probe`] : []),
      ...(kind === 'livenessProbe' && found.includes('tcpSocket')
        ? ['Cloud Run has no tcp livenessProbe; it is run here']
        : []),
    ],
  };
}

function probeResource({ httpGet, tcpSocket, grpc, ...timing }: ProbeYaml): ResourceProbe {
  const headers = httpGet?.httpHeaders?.map(({ name, value }) => compact({ name, value }));
  return compact({
    initialDelaySeconds: timing.initialDelaySeconds,
    periodSeconds: timing.periodSeconds,
    timeoutSeconds: timing.timeoutSeconds,
    failureThreshold: timing.failureThreshold,
    httpGet: httpGet && compact({ path: httpGet.path, port: httpGet.port, httpHeaders: headers }),
    tcpSocket: tcpSocket === undefined ? undefined : compact({ port: tcpSocket?.port }),
    grpc: grpc === undefined ? undefined : compact({ port: grpc?.port, service: grpc?.service }),
  });
}
