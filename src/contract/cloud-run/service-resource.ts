import { z } from 'zod';

/*
 * A service as the Cloud Run Admin API v2 has it, in its REST JSON: what service.yaml is imported into, what the
 * Admin API answers, what a rollout changes. Only what has an effect here is named; everything else is kept as
 * it came, so that a client's read, change and write loses nothing.
 */

/** A relative path that stays where it is mounted: an instance writes files there. */
export function isInside(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
}

const keyRef = z.looseObject({ secret: z.string(), version: z.string().optional() });

const envVar = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueSource: z.looseObject({ secretKeyRef: keyRef.optional() }).optional(),
});

const probe = z.looseObject({
  initialDelaySeconds: z.number().optional(),
  periodSeconds: z.number().optional(),
  timeoutSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
  httpGet: z
    .looseObject({
      path: z.string().optional(),
      port: z.number().optional(),
      httpHeaders: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).optional(),
    })
    .optional(),
  tcpSocket: z.looseObject({ port: z.number().optional() }).optional(),
  grpc: z.looseObject({ port: z.number().optional(), service: z.string().optional() }).optional(),
});

const container = z.looseObject({
  name: z.string().optional(),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  env: z.array(envVar).optional(),
  /** Only the ingress container has one. */
  ports: z
    .array(z.looseObject({ name: z.string().optional(), containerPort: z.number().optional() }))
    .optional(),
  resources: z
    .looseObject({ limits: z.record(z.string(), z.string()).optional(), cpuIdle: z.boolean().optional() })
    .optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  /** Names of containers that must have started before this one. */
  dependsOn: z.array(z.string()).optional(),
});

const volume = z.looseObject({
  name: z.string(),
  secret: z
    .looseObject({
      secret: z.string(),
      items: z
        .array(
          z.looseObject({
            path: z.string().refine(isInside, 'must be a path inside the mount'),
            version: z.string().optional(),
            mode: z.number().optional(),
          }),
        )
        .optional(),
      defaultMode: z.number().optional(),
    })
    .optional(),
  cloudSqlInstance: z.looseObject({ instances: z.array(z.string()).optional() }).optional(),
  emptyDir: z.looseObject({}).optional(),
});

const labels = z.record(z.string(), z.string());

/** What a revision is made from. */
export const revisionTemplate = z.looseObject({
  /** The revision's name, when the person chose one. */
  revision: z.string().optional(),
  labels: labels.optional(),
  annotations: labels.optional(),
  scaling: z
    .looseObject({ minInstanceCount: z.number().optional(), maxInstanceCount: z.number().optional() })
    .optional(),
  /** Such as `300s`. */
  timeout: z.string().optional(),
  serviceAccount: z.string().optional(),
  containers: z.array(container).optional(),
  volumes: z.array(volume).optional(),
  maxInstanceRequestConcurrency: z.number().optional(),
  sessionAffinity: z.boolean().optional(),
  healthCheckDisabled: z.boolean().optional(),
});

const trafficTarget = z.looseObject({
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().optional(),
  tag: z.string().optional(),
});

/** The part of a service that a person decides. Output-only fields are added where the API answers. */
export const serviceResource = z.looseObject({
  labels: labels.optional(),
  annotations: labels.optional(),
  template: revisionTemplate,
  traffic: z.array(trafficTarget).optional(),
  scaling: z
    .looseObject({
      minInstanceCount: z.number().optional(),
      maxInstanceCount: z.number().optional(),
      scalingMode: z.string().optional(),
      manualInstanceCount: z.number().optional(),
    })
    .optional(),
});

/** Names of the enum values that have an effect here. */
export const trafficTypes = {
  latest: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST',
  revision: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
} as const;

export type ServiceResource = z.output<typeof serviceResource>;
export type RevisionTemplate = z.output<typeof revisionTemplate>;
export type ResourceContainer = z.output<typeof container>;
export type ResourceProbe = z.output<typeof probe>;
export type ResourceVolume = z.output<typeof volume>;
export type TrafficTarget = z.output<typeof trafficTarget>;
