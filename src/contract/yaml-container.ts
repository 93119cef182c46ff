import type { Problem } from '../base/errors.ts';
import type { YamlFile, YamlPath } from '../base/yaml.ts';
import type { SourcedEnv } from './env-settings.ts';
import type { Sourced } from './service-draft.ts';
import { knownYamlKeys, type Container, type Probe, type RevisionSpec } from './service-yaml.ts';
import { defaultStartupProbe, type StartupProbe } from './startup-probe.ts';
import { strayKeys } from './stray-keys.ts';

/** What the container that takes the requests declares. */
export interface ReadContainer {
  readonly env: SourcedEnv;
  readonly startupProbe: StartupProbe;
  /** What was declared and has no effect here. */
  readonly warnings: readonly string[];
}

/** The container that takes the requests, and where it stands. */
interface Ingress {
  readonly container: Container;
  readonly path: YamlPath;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Finds the one container with ports. A single container needs none. */
export function ingressOf(spec: RevisionSpec, source: YamlFile, specPath: YamlPath): Ingress {
  const path = [...specPath, 'containers'];
  const containers = spec.containers ?? [];
  const open = containers.flatMap((container, index) => ((container.ports ?? []).length > 0 ? [index] : []));
  const index = open[0] ?? 0;
  const ingress = { container: containers[index] ?? {}, path: [...path, index] };
  if (containers.length > 1 && open.length !== 1) {
    const message = `containers: exactly one must declare ports, which makes it the one that takes requests; ${open.length} do`;
    return { ...ingress, problems: [{ message, place: source.placeOf(path) }], warnings: [] };
  }
  const sidecars = containers.filter((_, at) => at !== index);
  const warnings = sidecars.map(
    (sidecar) => `the sidecar container ${sidecar.name ?? 'without a name'} is not started locally`,
  );
  return { ...ingress, problems: [], warnings };
}

/** Reads the environment and the startup probe of the container that takes the requests. */
export function readContainer(
  { container, path }: Ingress,
  source: YamlFile,
): { readonly value: ReadContainer; readonly problems: readonly Problem[] } {
  const env = new Map<string, Sourced<string>>();
  const problems: Problem[] = [];
  const secrets: string[] = [];
  for (const [index, item] of (container.env ?? []).entries()) {
    const place = source.placeOf([...path, 'env', index, item.value === undefined ? 'name' : 'value']);
    if (env.has(item.name) || secrets.includes(item.name))
      problems.push({ message: `env: ${item.name} is declared twice`, place });
    if (item.valueFrom === undefined) env.set(item.name, { value: item.value ?? '', place });
    else secrets.push(item.name);
  }
  const strays = strayKeys(source, container, path, knownYamlKeys.container);
  const probes = (['livenessProbe', 'readinessProbe'] as const).filter((key) => key in container);
  return {
    problems: [...problems, ...strays.problems],
    value: {
      env,
      startupProbe: readProbe(container.startupProbe),
      warnings: [
        ...secrets.map((name) => `${name} comes from a secret: it is not passed to local instances`),
        ...strays.warnings,
        ...probes.map((name) => `the ${name} is not run by the emulator`),
        ...(container.startupProbe?.grpc ? ['the grpc startup probe is run as a tcp probe'] : []),
      ],
    },
  };
}

/** Cloud Run's defaults for a declared probe: no delay, every 10 s, 1 s each, 3 failures. */
function readProbe(probe: Probe | undefined): StartupProbe {
  if (probe === undefined) return defaultStartupProbe;
  const timing = {
    initialDelayMs: 1000 * (probe.initialDelaySeconds ?? 0),
    periodMs: 1000 * (probe.periodSeconds ?? 10),
    timeoutMs: 1000 * (probe.timeoutSeconds ?? 1),
    failureThreshold: probe.failureThreshold ?? 3,
  };
  if (probe.httpGet === undefined) return { kind: 'tcp', ...timing };
  return { kind: 'http', path: probe.httpGet.path ?? '/', ...timing };
}
