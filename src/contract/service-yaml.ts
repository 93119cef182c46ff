import { z } from 'zod';

const quoted = z.string('expected text: put it in quotes');

const seconds = z.int().min(0).max(3600);

const probe = z.looseObject({
  httpGet: z.looseObject({ path: z.string().optional() }).optional(),
  tcpSocket: z.looseObject({}).optional(),
  grpc: z.looseObject({}).nullish(),
  initialDelaySeconds: seconds.optional(),
  periodSeconds: seconds.min(1).optional(),
  timeoutSeconds: seconds.min(1).optional(),
  failureThreshold: z.int().min(1).optional(),
});

const container = z.looseObject({
  name: z.string().optional(),
  ports: z.array(z.looseObject({})).optional(),
  env: z
    .array(
      z.looseObject({ name: z.string(), value: quoted.optional(), valueFrom: z.looseObject({}).optional() }),
    )
    .optional(),
  startupProbe: probe.optional(),
});

/** The `metadata` of a service or of its template. */
export const metadata = z.looseObject({
  name: z.string().optional(),
  annotations: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** The spec of one revision: what Cloud Run calls `spec.template.spec`. */
export const revisionSpec = z.looseObject({
  // 0 stands for the platform's default.
  containerConcurrency: z.int().min(0).max(1000).optional(),
  timeoutSeconds: z.int().min(1).max(3600, 'Cloud Run allows at most 3600').optional(),
  containers: z.array(container).min(1, 'at least one container is needed').optional(),
});

export type Metadata = z.output<typeof metadata>;
export type RevisionSpec = z.output<typeof revisionSpec>;
export type Container = z.output<typeof container>;
export type Probe = z.output<typeof probe>;

/** The keys that Cloud Run knows at each level. */
export const knownYamlKeys = {
  service: ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
  spec: ['template', 'traffic'],
  revision: [
    'containerConcurrency',
    'timeoutSeconds',
    'serviceAccountName',
    'nodeSelector',
    'runtimeClassName',
    'containers',
    'volumes',
  ],
  container: [
    'name',
    'image',
    'command',
    'args',
    'workingDir',
    'env',
    'ports',
    'resources',
    'startupProbe',
    'livenessProbe',
    'readinessProbe',
    'volumeMounts',
  ],
} as const;
