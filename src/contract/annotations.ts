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
  'cloudsql-instances',
  'container-dependencies',
  'encryption-key',
  'encryption-key-shutdown-hours',
  'post-key-revocation-action-type',
  'gpu-zonal-redundancy-disabled',
];

/** Annotations of Cloud Run that change how it scales or runs, and that the local emulator does not follow. */
const notModelled = [
  'cpu-throttling',
  'startup-cpu-boost',
  'sessionAffinity',
  'execution-environment',
  'vpc-access-connector',
  'vpc-access-egress',
  'network-interfaces',
  'health-check-disabled',
  'scaling-cpu-target',
  'scaling-concurrency-target',
];

/** Annotations that are read. */
const read = ['minScale', 'maxScale', 'scalingMode', 'manualInstanceCount'];

const readByKnative = ['minScale', 'maxScale', 'min-scale', 'max-scale'];

/** What to say of an annotation that has no effect here; nothing when it has one, or none anywhere. */
export function annotationWarning(key: string): string | undefined {
  const [namespace = '', name = ''] = key.split('/');
  if (namespace === 'run.googleapis.com') {
    if (read.includes(name) || harmless.includes(name)) return undefined;
    return notModelled.includes(name)
      ? `${key} has no effect on the emulator`
      : `${key} is not known; it has no effect here`;
  }
  if (namespace === 'autoscaling.knative.dev')
    return readByKnative.includes(name) ? undefined : `${key} has no effect on the emulator`;
  return undefined;
}
