/** Which of both `metadata` an annotation stands in: the service's, or its template's. */
export type Level = 'service' | 'template';

/** How a fleet behaves: the rules of Cloud Run, or those of Knative. */
export type ProfileName = 'cloudrun' | 'knative';

/** Annotations of Cloud Run that change nothing here: identity, access, build. */
const harmless = [
  'ingress',
  'ingress-status',
  'launch-stage',
  'description',
  'custom-audiences',
  'default-url-disabled',
  'invoker-iam-disabled',
  'gc-traffic-tags',
  'binary-authorization',
  'binary-authorization-breakglass',
  'base-images',
  'build-base-image',
  'build-enable-automatic-updates',
  'build-env-vars',
  'build-function-target',
  'build-id',
  'build-image-uri',
  'build-name',
  'build-service-account',
  'build-source-location',
  'build-worker-pool',
  'client-name',
  'client-version',
  'operation-id',
  'urls',
  'secrets',
  'encryption-key',
  'encryption-key-shutdown-hours',
  'post-key-revocation-action-type',
  'gpu-zonal-redundancy-disabled',
];

/** Annotations of Cloud Run that change how it scales or runs, and that the local emulator does not follow. */
const notModelled = [
  'cpu-throttling',
  'startup-cpu-boost',
  'execution-environment',
  'vpc-access-connector',
  'vpc-access-egress',
  'network-interfaces',
  'scaling-cpu-target',
  'scaling-concurrency-target',
];

/** Annotations that are read, by where they count. */
const read = {
  service: ['minScale', 'maxScale', 'scalingMode', 'manualInstanceCount'],
  template: [
    'minScale',
    'maxScale',
    'sessionAffinity',
    'cloudsql-instances',
    'container-dependencies',
    'health-check-disabled',
  ],
};

const readByBoth = ['min-scale', 'max-scale'];

/** What the Knative autoscaler alone is told; each has a spelling in camel case too. */
const readByKnative = [
  'class',
  'metric',
  'target',
  'target-utilization-percentage',
  'window',
  'panic-window-percentage',
  'panic-threshold-percentage',
  'target-burst-capacity',
  'scale-down-delay',
  'scale-to-zero-pod-retention-period',
  'initial-scale',
  'activation-scale',
  'metric-aggregation-algorithm',
];

const places = { service: 'metadata.annotations', template: 'spec.template.metadata.annotations' };

/** What to say of an annotation that has no effect here; nothing when it has one, or none anywhere. */
export function annotationWarning(key: string, level: Level, profile: ProfileName): string | undefined {
  const [namespace = '', name = ''] = key.split('/');
  if (namespace === 'run.googleapis.com') return cloudRunWarning(key, name, level);
  if (namespace === 'autoscaling.knative.dev') return knativeWarning(key, name, level, profile);
  return undefined;
}

function cloudRunWarning(key: string, name: string, level: Level): string | undefined {
  if (read[level].includes(name) || harmless.includes(name)) return undefined;
  const other = level === 'service' ? 'template' : 'service';
  if (read[other].includes(name)) return `${key} counts in ${places[other]} only; it has no effect here`;
  return notModelled.includes(name)
    ? `${key} has no effect on the emulator`
    : `${key} is not known; it has no effect here`;
}

function knativeWarning(key: string, name: string, level: Level, profile: ProfileName): string | undefined {
  const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const isScale = readByBoth.includes(kebab);
  if (!isScale && !readByKnative.includes(kebab)) return `${key} is not known; it has no effect here`;
  if (level === 'service') return `${key} counts in ${places.template} only; it has no effect here`;
  return isScale || profile === 'knative' ? undefined : `${key} counts in the knative profile only`;
}
