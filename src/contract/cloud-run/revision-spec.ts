import { containerLimits, type ContainerLimits } from './container-limits.ts';
import { defaultStartupProbe, type Probe } from './probe.ts';
import type { ResourceContainer } from './resource-container.ts';
import type { ResourceProbe } from './resource-probe.ts';
import type { ResourceVolume } from './resource-volume.ts';
import type { RevisionTemplate } from './service-resource.ts';

/** A revision as the platform runs it: every default filled, every unit in the name. */
export interface RevisionSpec {
  /** C: requests that one instance accepts at once. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly healthCheckDisabled: boolean;
  readonly containers: readonly [ContainerSpec, ...ContainerSpec[]];
  readonly volumes: readonly VolumeSpec[];
}

/** One container of an instance. The first of a revision's list that has a port takes the requests. */
export interface ContainerSpec {
  readonly name: string;
  readonly ingress: boolean;
  /** The port it says it listens on; null for a sidecar. 8080 unless declared. */
  readonly port: number | null;
  readonly image: string | null;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string | null;
  readonly env: readonly EnvSpec[];
  /** Of volumes that exist here; one that lies elsewhere (a bucket, a file server) is not mounted. */
  readonly mounts: readonly { readonly volume: string; readonly path: string }[];
  readonly startupProbe: Probe | null;
  readonly livenessProbe: Probe | null;
  readonly readinessProbe: Probe | null;
  readonly dependsOn: readonly string[];
  readonly limits: ContainerLimits;
}

/** A variable: its text, or the secret that holds it. */
export type EnvSpec =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string };

export type VolumeSpec =
  | {
      readonly kind: 'secret';
      readonly name: string;
      readonly secret: string;
      /** File names under the mount; the secret's own name when none is declared. */
      readonly items: readonly { readonly path: string; readonly mode: number }[];
    }
  | { readonly kind: 'cloud_sql'; readonly name: string; readonly instances: readonly string[] }
  | { readonly kind: 'empty'; readonly name: string };

/** Cloud Run's own limits and defaults. */
export const revisionDefaults = {
  concurrency: 80,
  timeoutMs: 300_000,
  maxInstances: 100,
  port: 8080,
} as const;

/** Readable by everyone in the container, as Cloud Run mounts secrets unless told otherwise. */
const defaultSecretMode = 0o444;

/** Reads a template; a missing value becomes the platform's default. */
export function revisionSpecOf(template: RevisionTemplate): RevisionSpec {
  const given = template.containers ?? [];
  const volumes = (template.volumes ?? []).flatMap((volume) => volumeSpecOf(volume));
  const ingress = Math.max(
    0,
    given.findIndex(({ ports }) => (ports ?? []).length > 0),
  );
  const [first = containerSpecOf({}, true, 0), ...others] = given
    .map((one, index) => containerSpecOf(one, index === ingress, index))
    .map((one) => ({ ...one, mounts: one.mounts.filter((mount) => isAmong(volumes, mount.volume)) }));
  const maxInstances = template.scaling?.maxInstanceCount ?? 0;
  return {
    concurrency: positiveOr(template.maxInstanceRequestConcurrency, defaultConcurrency(given[ingress])),
    timeoutMs: positiveOr(secondsOf(template.timeout) * 1000, revisionDefaults.timeoutMs),
    minInstances: template.scaling?.minInstanceCount ?? 0,
    maxInstances: positiveOr(maxInstances, revisionDefaults.maxInstances),
    healthCheckDisabled: template.healthCheckDisabled ?? false,
    containers: [first, ...others],
    volumes,
  };
}

function isAmong(volumes: readonly VolumeSpec[], name: string): boolean {
  return volumes.some((volume) => volume.name === name);
}

function containerSpecOf(given: ResourceContainer, ingress: boolean, index: number): ContainerSpec {
  const port = positiveOr(given.ports?.[0]?.containerPort, revisionDefaults.port);
  return {
    name: given.name ?? (ingress ? 'app' : `container-${index + 1}`),
    ingress,
    port: ingress ? port : null,
    ...startOf(given),
    env: (given.env ?? []).map(({ name, value, valueSource }) => {
      const secret = valueSource?.secretKeyRef?.secret;
      return secret === undefined ? { name, value: value ?? '' } : { name, secret };
    }),
    mounts: (given.volumeMounts ?? []).map(({ name, mountPath }) => ({ volume: name, path: mountPath })),
    startupProbe: probeOf(given.startupProbe) ?? (ingress ? defaultStartupProbe : null),
    livenessProbe: probeOf(given.livenessProbe),
    readinessProbe: probeOf(given.readinessProbe),
  };
}

function startOf(
  given: ResourceContainer,
): Pick<ContainerSpec, 'image' | 'command' | 'args' | 'workingDir' | 'dependsOn' | 'limits'> {
  return {
    image: given.image ?? null,
    command: given.command ?? [],
    args: given.args ?? [],
    workingDir: given.workingDir ?? null,
    dependsOn: given.dependsOn ?? [],
    limits: containerLimits(given.resources?.limits),
  };
}

/** Cloud Run's defaults for a declared probe: no delay, every 10 s, 1 s each, 3 failures. */
function probeOf(given: ResourceProbe | undefined): Probe | null {
  if (given === undefined) return null;
  const timing = {
    initialDelayMs: 1000 * (given.initialDelaySeconds ?? 0),
    periodMs: 1000 * positiveOr(given.periodSeconds, 10),
    timeoutMs: 1000 * positiveOr(given.timeoutSeconds, 1),
    failureThreshold: positiveOr(given.failureThreshold, 3),
  };
  if (given.httpGet !== undefined) return { kind: 'http', ...httpOf(given.httpGet), ...timing };
  return { kind: 'tcp', port: portOf(given.tcpSocket ?? given.grpc), ...timing };
}

function httpOf(given: NonNullable<ResourceProbe['httpGet']>): Pick<Probe, 'port' | 'path' | 'headers'> {
  const headers = (given.httpHeaders ?? []).map(({ name, value }) => [name, value ?? ''] as const);
  return {
    port: portOf(given),
    path: given.path ?? '/',
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
  };
}

/** 0 stands for the port that takes requests, as does none. */
function portOf(given: { readonly port?: number | undefined } | undefined): number | null {
  return given?.port === undefined || given.port <= 0 ? null : given.port;
}

function volumeSpecOf({ name, secret, cloudSqlInstance, emptyDir }: ResourceVolume): readonly VolumeSpec[] {
  if (secret !== undefined) {
    const mode = secret.defaultMode ?? defaultSecretMode;
    const items = secret.items ?? [{ path: lastPart(secret.secret) }];
    return [
      {
        kind: 'secret',
        name,
        secret: secret.secret,
        items: items.map((item) => ({ path: item.path, mode: item.mode ?? mode })),
      },
    ];
  }
  if (cloudSqlInstance !== undefined)
    return [{ kind: 'cloud_sql', name, instances: cloudSqlInstance.instances ?? [] }];
  return emptyDir === undefined ? [] : [{ kind: 'empty', name }];
}

/** The name of a secret that is given with its project: `projects/P/secrets/NAME`. */
function lastPart(secret: string): string {
  return secret.split('/').at(-1) ?? secret;
}

/** 80 from one vCPU up, 1 below: what the API fills in when nothing is said. */
function defaultConcurrency(container: ResourceContainer | undefined): number {
  const { cpus } = containerLimits(container?.resources?.limits);
  return cpus !== null && cpus < 1 ? 1 : revisionDefaults.concurrency;
}

/** Seconds of a duration in JSON, such as `3.5s`; 0 when there is none. */
function secondsOf(duration: string | undefined): number {
  const seconds = Number(duration?.replace(/s$/, '') ?? 0);
  return Number.isFinite(seconds) ? seconds : 0;
}

function positiveOr(value: number | undefined, otherwise: number): number {
  return value !== undefined && value > 0 ? value : otherwise;
}
