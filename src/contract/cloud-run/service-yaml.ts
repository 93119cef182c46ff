import { z } from 'zod';
import { isInside } from './resource-volume.ts';

const quoted = z.string('expected text: put it in quotes');

/** A version or an amount, which YAML reads as a number when it has no quotes. */
const word = z.union([z.string(), z.number()]);

const seconds = z.int().min(0).max(3600);

const port = z.int().min(1).max(65_535);

const probe = z.looseObject({
  httpGet: z
    .looseObject({
      path: z.string().startsWith('/', 'must begin with "/"').optional(),
      port: port.optional(),
      httpHeaders: z.array(z.looseObject({ name: z.string(), value: quoted.optional() })).optional(),
    })
    .optional(),
  tcpSocket: z.looseObject({ port: port.optional() }).nullish(),
  grpc: z.looseObject({ port: port.optional(), service: z.string().optional() }).nullish(),
  initialDelaySeconds: seconds.optional(),
  periodSeconds: seconds.min(1).optional(),
  timeoutSeconds: seconds.min(1).optional(),
  failureThreshold: z.int().min(1).optional(),
});

const envItem = z.looseObject({
  name: z.string(),
  value: quoted.optional(),
  valueFrom: z
    .looseObject({ secretKeyRef: z.looseObject({ name: z.string(), key: word.optional() }).optional() })
    .optional(),
});

const container = z.looseObject({
  name: z.string().optional(),
  image: z.string().optional(),
  command: z.array(quoted).optional(),
  args: z.array(quoted).optional(),
  workingDir: z.string().optional(),
  ports: z
    .array(z.looseObject({ name: z.string().optional(), containerPort: port.optional() }))
    .max(1, 'a container of Cloud Run has one port at most')
    .optional(),
  env: z.array(envItem).optional(),
  resources: z.looseObject({ limits: z.record(z.string(), word).optional() }).optional(),
  volumeMounts: z
    .array(z.looseObject({ name: z.string(), mountPath: z.string().startsWith('/', 'must begin with "/"') }))
    .optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
});

/** Its limit is checked where its text is known: 0777 arrives here as 777. */
const fileMode = z.int().min(0);

const volume = z.looseObject({
  name: z.string(),
  secret: z
    .looseObject({
      secretName: z.string(),
      items: z
        .array(
          z.looseObject({
            key: word.optional(),
            path: z.string().refine(isInside, 'must be a path inside the mount'),
            mode: fileMode.optional(),
          }),
        )
        .optional(),
      defaultMode: fileMode.optional(),
    })
    .optional(),
  emptyDir: z.looseObject({ medium: z.string().optional(), sizeLimit: word.optional() }).nullish(),
  csi: z
    .looseObject({
      readOnly: z.boolean().optional(),
      volumeAttributes: z.record(z.string(), word).optional(),
    })
    .optional(),
  nfs: z
    .looseObject({
      server: z.string().optional(),
      path: z.string().optional(),
      readOnly: z.boolean().optional(),
    })
    .optional(),
});

const remark = z.union([z.string(), z.number(), z.boolean()]);

/** The `metadata` of a service or of its template. */
export const metadata = z.looseObject({
  name: z.string().optional(),
  labels: z.record(z.string(), remark).optional(),
  annotations: z.record(z.string(), remark).optional(),
});

/** The spec of one revision: what Cloud Run calls `spec.template.spec`. */
export const revisionSpec = z.looseObject({
  // 0 stands for the platform's default.
  containerConcurrency: z.int().min(0).max(1000).optional(),
  timeoutSeconds: z.int().min(1).max(3600, 'Cloud Run allows at most 3600').optional(),
  serviceAccountName: z.string().optional(),
  nodeSelector: z.record(z.string(), z.string()).optional(),
  containers: z.array(container).min(1, 'at least one container is needed').optional(),
  volumes: z.array(volume).optional(),
});

/** `spec.traffic`. */
export const trafficList = z.array(
  z.looseObject({
    latestRevision: z.boolean().optional(),
    revisionName: z.string().optional(),
    percent: z.int().min(0).max(100, 'must be at most 100').optional(),
    tag: z
      .string()
      .regex(/^[a-z]([a-z0-9-]{0,44}[a-z0-9])?$/, 'must be lower-case letters, digits and "-"')
      .optional(),
  }),
);

export type Metadata = z.output<typeof metadata>;
export type RevisionYaml = z.output<typeof revisionSpec>;
export type ContainerYaml = z.output<typeof container>;
export type EnvYaml = z.output<typeof envItem>;
export type ProbeYaml = z.output<typeof probe>;
export type VolumeYaml = z.output<typeof volume>;
export type TrafficYaml = z.output<typeof trafficList>;

/** The keys that Cloud Run knows at each level. */
export const knownYamlKeys = {
  service: ['apiVersion', 'kind', 'metadata', 'spec', 'status'],
  spec: ['template', 'traffic'],
  metadata: [
    'name',
    'namespace',
    'labels',
    'annotations',
    'generation',
    'resourceVersion',
    'selfLink',
    'uid',
    'creationTimestamp',
  ],
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
  probe: [
    'httpGet',
    'tcpSocket',
    'grpc',
    'initialDelaySeconds',
    'periodSeconds',
    'timeoutSeconds',
    'failureThreshold',
  ],
  volume: ['name', 'secret', 'emptyDir', 'csi', 'nfs'],
} as const;
