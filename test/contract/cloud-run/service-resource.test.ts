import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { jsonSchemaOf } from '../../../src/base/json-schema.ts';
import { loadYaml } from '../../../src/base/load-yaml.ts';
import { parseYaml } from '../../../src/base/yaml.ts';
import { importService } from '../../../src/contract/cloud-run/import-service.ts';
import { serviceResource, type ServiceResource } from '../../../src/contract/cloud-run/service-resource.ts';
import { fixture } from '../../scenario/problems.ts';
import { undescribed } from '../../support/undescribed.ts';
import { imported, problems as problemsIn, read, wordAt, type Wanted } from './read-service.ts';

async function resourceOf(name: string): Promise<ServiceResource> {
  const result = importService(await loadYaml(fixture('contract', name)));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.resource;
}

test('a service with a Cloud SQL proxy beside it becomes two containers, one after the other', async () => {
  expect(await resourceOf('service-sidecar.yaml')).toStrictEqual({
    launchStage: 'BETA',
    template: {
      containers: [
        {
          name: 'my-app',
          image: 'us-central1-docker.pkg.dev/my-project/my-repo/my-app:v1',
          ports: [{ containerPort: 8080 }],
          resources: { limits: { cpu: '1', memory: '512Mi' }, cpuIdle: true },
          env: [
            { name: 'DB_NAME', value: 'myapp' },
            { name: 'DB_USER', value: 'appuser' },
            {
              name: 'DB_PASSWORD',
              valueSource: { secretKeyRef: { secret: 'db-password', version: 'latest' } },
            },
          ],
          startupProbe: {
            httpGet: { path: '/health', port: 8080 },
            initialDelaySeconds: 5,
            periodSeconds: 5,
          },
          dependsOn: ['cloud-sql-proxy'],
        },
        {
          name: 'cloud-sql-proxy',
          image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.8.0',
          args: ['--port=5432', '--auto-iam-authn', 'my-project:us-central1:my-postgres'],
          resources: { limits: { cpu: '0.5', memory: '256Mi' }, cpuIdle: true },
          startupProbe: { tcpSocket: { port: 5432 }, initialDelaySeconds: 2, periodSeconds: 5 },
        },
      ],
    },
  });
});

test('a snippet of PostgREST becomes a template', async () => {
  expect(await resourceOf('service-snippet.yaml')).toStrictEqual({
    template: {
      serviceAccount: 'xxxxxxxxxxxx',
      timeout: '300s',
      maxInstanceRequestConcurrency: 80,
      containers: [
        {
          name: 'postgrest-1',
          image: 'us-west1-docker.pkg.dev/xxxx-123456/xxxx-repo/postgrest:v12.2.1-cloudrun',
          ports: [{ name: 'http1', containerPort: 3000 }],
          env: [
            { name: 'PGRST_DB_ANON_ROLE', value: 'my_api_postgrest_ro' },
            { name: 'PGRST_JWT_ROLE_CLAIM_KEY', value: '.mypostgrestinfo.mypostgrestrole' },
            {
              name: 'PGRST_DB_URI',
              value:
                'host=postgres-1234.example.com port=5432 dbname=mydatabase user=my_api_postgrest_authenticator sslmode=verify-ca sslcert=/opt/secrets/postgrest-cert.pem/value sslkey=/opt/secrets/postgrest-key.pem/value sslrootcert=/opt/secrets/rootcert.pem/value',
            },
            {
              name: 'PGRST_JWT_SECRET',
              valueSource: { secretKeyRef: { secret: 'postgrest_jwt_signing_key', version: 'latest' } },
            },
          ],
          resources: { limits: { cpu: '1000m', memory: '256Mi' }, cpuIdle: true },
          volumeMounts: [
            { name: 'postgrest_cert-gag-wuw-pon', mountPath: '/opt/vault/postgrest-cert.pem' },
            { name: 'postgrest_key-loq-poz-yiz', mountPath: '/opt/vault/postgrest-key.pem' },
            { name: 'pg_rootcert-ca_cert-nix-mij-poh', mountPath: '/opt/vault/rootcert.pem' },
          ],
        },
      ],
    },
  });
});

test('everything that Cloud Run has a field for arrives in that field', async () => {
  const resource = await resourceOf('service-whole.yaml');
  expect(resource).toStrictEqual({
    labels: { team: 'checkout' },
    annotations: { 'example.com/owner': 'ann' },
    description: 'The shop',
    ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
    scaling: { minInstanceCount: 1, maxInstanceCount: 20 },
    traffic: [
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 90 },
      { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: 'shop-v6', percent: 10, tag: 'old' },
    ],
    template: {
      revision: 'shop-v7',
      labels: { tier: '1' },
      annotations: { 'example.com/build': '7', 'autoscaling.knative.dev/target-burst-capacity': '0' },
      scaling: { minInstanceCount: 2, maxInstanceCount: 10 },
      timeout: '120s',
      maxInstanceRequestConcurrency: 40,
      serviceAccount: 'shop@p.iam.gserviceaccount.com',
      nodeSelector: { accelerator: 'nvidia-l4' },
      healthCheckDisabled: true,
      executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
      vpcAccess: { egress: 'PRIVATE_RANGES_ONLY', networkInterfaces: [{ network: 'default' }] },
      containers: [
        {
          name: 'pooler',
          image: 'pgbouncer',
          command: ['pgbouncer'],
          args: ['/etc/pgbouncer.ini'],
          workingDir: '/var/run',
          env: [{ name: 'POOL_MODE', value: 'transaction' }],
          resources: { cpuIdle: false, startupCpuBoost: true },
          startupProbe: { tcpSocket: { port: 6432 }, periodSeconds: 1 },
        },
        {
          name: 'web',
          image: 'shop',
          ports: [{ name: 'http1', containerPort: 3000 }],
          resources: { limits: { cpu: '2', memory: '1Gi' }, cpuIdle: false, startupCpuBoost: true },
          env: [
            { name: 'EMPTY', value: '' },
            { name: 'KEY', valueSource: { secretKeyRef: { secret: 'api-key', version: '3' } } },
          ],
          volumeMounts: [
            { name: 'certs', mountPath: '/certs' },
            { name: 'scratch', mountPath: '/tmp/scratch' },
            { name: 'cloudsql', mountPath: '/cloudsql' },
          ],
          startupProbe: {
            httpGet: { path: '/ready', port: 3000, httpHeaders: [{ name: 'x-probe', value: '1' }] },
            initialDelaySeconds: 1,
            timeoutSeconds: 2,
            failureThreshold: 5,
          },
          livenessProbe: { grpc: { port: 3001, service: 'health' } },
          readinessProbe: { httpGet: {} },
          dependsOn: ['pooler'],
        },
      ],
      volumes: [
        {
          name: 'certs',
          secret: {
            secret: 'client-key',
            // 0400 and 0600, which are octal to the tools of Cloud Run.
            defaultMode: 0o400,
            items: [
              { path: 'tls/key.pem', version: 'latest', mode: 0o600 },
              { path: 'cert.pem', version: '2' },
            ],
          },
        },
        { name: 'scratch', emptyDir: { medium: 'MEMORY', sizeLimit: '64Mi' } },
        { name: 'cloudsql', cloudSqlInstance: { instances: ['p:r:one', 'p:r:two'] } },
      ],
    },
  });
  // What is imported is what the Admin API would take.
  expect(serviceResource.parse(resource)).toStrictEqual(resource);
});

test('manual scaling is a mode and a count, whatever the bounds say', () => {
  const result = read({
    service:
      "run.googleapis.com/scalingMode: manual, run.googleapis.com/manualInstanceCount: '3', run.googleapis.com/maxScale: '9'",
  });
  expect(result).toMatchObject({ ok: true, value: { impliedOverlap: 0 } });
  const { resource, settings } = (result as Extract<typeof result, { ok: true }>).value;
  expect(resource.scaling).toEqual({ scalingMode: 'MANUAL', manualInstanceCount: 3, maxInstanceCount: 9 });
  expect(settings.get('max_instances')?.value).toBe(3);
});

test.each<[string, Wanted, string]>([
  ['HTTP/2 to the container', { container: 'ports: [{ name: h2c }]' }, 'ports: h2c (HTTP/2'],
  ['another name of a port', { container: 'ports: [{ name: web }]' }, 'http1 and h2c, not "web"'],
  ['two ports', { container: 'ports: [{}, {}]' }, 'one port at most'],
  [
    'session affinity',
    { template: "run.googleapis.com/sessionAffinity: 'true'" },
    'sessionAffinity is not run by the emulator',
  ],
  [
    'a mount of no volume',
    { container: 'volumeMounts: [{ name: x, mountPath: /x }]' },
    'there is no volume "x"',
  ],
  [
    'a mount without a root',
    { container: 'volumeMounts: [{ name: x, mountPath: x }]' },
    'must begin with "/"',
  ],
  [
    'two mounts in one place',
    {
      spec: 'volumes: [{ name: x, emptyDir: {} }]',
      container: 'volumeMounts: [{ name: x, mountPath: /x }, { name: x, mountPath: /x }]',
    },
    'two volumes are mounted at /x',
  ],
  [
    'two volumes of one name',
    { spec: 'volumes: [{ name: x, emptyDir: {} }, { name: x, emptyDir: {} }]' },
    'two volumes are called "x"',
  ],
  ['a volume of nothing', { spec: 'volumes: [{ name: x }]' }, 'the volume x needs one of'],
  [
    'a secret outside of its mount',
    { spec: 'volumes: [{ name: x, secret: { secretName: s, items: [{ key: latest, path: ../x }] } }]' },
    'must be a path inside the mount',
  ],
  [
    'a file mode that is none',
    { spec: 'volumes: [{ name: x, secret: { secretName: s, defaultMode: 01000 } }]' },
    'a file mode of more than 0777',
  ],
  [
    'a variable from elsewhere',
    { container: 'env: [{ name: A, valueFrom: { fieldRef: { fieldPath: x } } }]' },
    'it knows secretKeyRef',
  ],
  [
    'a variable from two places',
    { container: 'env: [{ name: A, value: x, valueFrom: { secretKeyRef: { name: s } } }]' },
    'A has a value and a valueFrom',
  ],
  [
    'a probe of two kinds',
    { container: 'startupProbe: { httpGet: {}, tcpSocket: {} }' },
    'httpGet and tcpSocket exclude each other',
  ],
  [
    'a probe that overtakes itself',
    { container: 'livenessProbe: { httpGet: {}, timeoutSeconds: 11 }' },
    'timeoutSeconds 11 is more than periodSeconds 10',
  ],
  [
    'a slip in a probe',
    { container: 'startupProbe: { httpGet: {}, failureTreshold: 3 }' },
    'failureTreshold',
  ],
  [
    'dependencies that are no JSON',
    { template: 'run.googleapis.com/container-dependencies: app' },
    'expected JSON such as',
  ],
  [
    'a dependency on nobody',
    {
      template: `run.googleapis.com/container-dependencies: '{"one":["tow"]}'`,
      containers: '[{ name: one, ports: [{}] }, { name: two }]',
    },
    'there is no container "tow"',
  ],
  [
    'dependencies in a circle',
    {
      template: `run.googleapis.com/container-dependencies: '{"one":["two"],"two":["one"]}'`,
      containers: '[{ name: one, ports: [{}] }, { name: two }]',
    },
    'one needs two needs one, in a circle',
  ],
  [
    'two containers of one name',
    { containers: '[{ name: one, ports: [{}] }, { name: one }]' },
    'two containers are called "one"',
  ],
  [
    'a Cloud SQL instance that is none',
    { template: 'run.googleapis.com/cloudsql-instances: my-postgres' },
    'expected PROJECT:REGION:INSTANCE, got "my-postgres"',
  ],
  ['traffic to nobody', { traffic: '[{ percent: 100 }]' }, 'either latestRevision: true or a revisionName'],
  [
    'traffic that does not sum to a hundred',
    { traffic: '[{ latestRevision: true, percent: 90 }]' },
    'sum to 90, not 100',
  ],
  [
    'a tag that stands twice',
    {
      traffic:
        '[{ latestRevision: true, percent: 100, tag: new }, { revisionName: api-1, percent: 0, tag: new }]',
    },
    'the tag "new" stands twice',
  ],
  [
    'manual scaling without a count',
    { service: 'run.googleapis.com/scalingMode: manual' },
    'manual needs run.googleapis.com/manualInstanceCount',
  ],
  [
    'a way of scaling that nobody knows',
    { service: 'run.googleapis.com/scalingMode: wild' },
    'expected automatic or manual, got "wild"',
  ],
])('%s is refused, with its place', (_, wanted, message) => {
  const result = read(wanted);
  const problems = result.ok ? [] : result.problems;
  expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
  for (const { place } of problems) expect(place?.line).toBeGreaterThan(2);
});

test('a revision is named after its service', () => {
  const named = (name: string) =>
    importService(
      parseYaml(
        `metadata: { name: api }\nspec: { template: { metadata: { name: ${name} }, spec: {} } }`,
        'service.yaml',
      ),
    );
  expect(named('api-v1')).toMatchObject({
    ok: true,
    value: { resource: { template: { revision: 'api-v1' } } },
  });
  for (const wrong of ['web-v1', 'api', 'api-V1', 'api-v1-', `api-${'x'.repeat(60)}`])
    expect(named(wrong)).toMatchObject({ ok: false, problems: [{ place: { line: 2 } }] });
});

test.each<[string, Wanted, string]>([
  [
    'a bucket',
    { spec: 'volumes: [{ name: x, csi: { driver: gcsfuse.run.googleapis.com } }]' },
    'the volume x is not mounted: it lies outside of the instance',
  ],
  [
    'a file server',
    { spec: 'volumes: [{ name: x, nfs: { server: s, path: / } }]' },
    'the volume x is not mounted: it lies outside of the instance',
  ],
  [
    'a probe by gRPC',
    { container: 'readinessProbe: { grpc: {} }' },
    'the grpc readinessProbe is run as a tcp probe',
  ],
  [
    'a liveness probe that Cloud Run would refuse',
    { container: 'livenessProbe: { tcpSocket: {} }' },
    'Cloud Run has no tcp livenessProbe; it is run here',
  ],
  [
    'a dependency that can not be waited for',
    {
      template: `run.googleapis.com/container-dependencies: '{"one":["two"]}'`,
      containers: '[{ name: one, ports: [{}] }, { name: two }]',
    },
    'two has no startupProbe: what depends on it does not wait until it is ready',
  ],
  [
    'an annotation of the template at the service',
    { service: "run.googleapis.com/sessionAffinity: 'true'" },
    'run.googleapis.com/sessionAffinity counts in spec.template.metadata.annotations only; it has no effect here',
  ],
  [
    'an annotation of the service at the template',
    { template: 'run.googleapis.com/scalingMode: manual' },
    'run.googleapis.com/scalingMode counts in metadata.annotations only; it has no effect here',
  ],
  [
    'an annotation of Knative that nobody knows',
    { template: "autoscaling.knative.dev/taget: '7'" },
    'autoscaling.knative.dev/taget is not known; it has no effect here',
  ],
])('%s is taken, and said', (_, wanted, warning) => {
  expect(read(wanted)).toMatchObject({ ok: true, value: { warnings: [warning] } });
});

test('the knative profile reads what tunes its autoscaler, in both spellings', () => {
  const text = `spec:
  template:
    metadata:
      annotations: { autoscaling.knative.dev/targetBurstCapacity: '0', autoscaling.knative.dev/window: 30s }
    spec: {}`;
  const inProfile = (profile: 'cloudrun' | 'knative') =>
    importService(parseYaml(text, 'service.yaml'), profile);
  expect(inProfile('knative')).toMatchObject({ ok: true, value: { warnings: [] } });
  expect(inProfile('cloudrun')).toMatchObject({ ok: true, value: { warnings: [{}, {}] } });
});

test('what tells Cloud Run about itself is kept in the field that Cloud Run has for it', () => {
  const { resource } = imported({
    service: [
      'run.googleapis.com/ingress: internal-and-cloud-load-balancing',
      'run.googleapis.com/client-name: gcloud',
      "run.googleapis.com/client-version: '500.0.0'",
      `run.googleapis.com/custom-audiences: '["https://api.example"]'`,
      "run.googleapis.com/default-url-disabled: 'true'",
      "run.googleapis.com/invoker-iam-disabled: 'true'",
    ].join(', '),
    template: [
      'run.googleapis.com/vpc-access-connector: lan',
      'run.googleapis.com/vpc-access-egress: all-traffic',
      'run.googleapis.com/execution-environment: gen1',
      'run.googleapis.com/encryption-key: key-1',
    ].join(', '),
  });
  expect(resource).toStrictEqual({
    ingress: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
    client: 'gcloud',
    clientVersion: '500.0.0',
    customAudiences: ['https://api.example'],
    defaultUriDisabled: true,
    invokerIamDisabled: true,
    template: {
      executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN1',
      encryptionKey: 'key-1',
      vpcAccess: { connector: 'lan', egress: 'ALL_TRAFFIC' },
      containers: [{ image: 'api' }],
    },
  });
});

test('an unknown word in such a field is left out', () => {
  const { resource } = imported({
    service: [
      'run.googleapis.com/ingress: constructor',
      'run.googleapis.com/custom-audiences: not json',
      "run.googleapis.com/default-url-disabled: 'false'",
    ].join(', '),
    template: 'run.googleapis.com/execution-environment: gen3, run.googleapis.com/vpc-access-egress: some',
  });
  expect(resource).toStrictEqual({ template: { containers: [{ image: 'api' }] } });
});

test.each([
  ['no limits, as Cloud Run is free to choose', {}, undefined],
  ['limits', { container: 'resources: { limits: { cpu: 2 } }' }, { limits: { cpu: '2' }, cpuIdle: true }],
  [
    'CPU that is always there',
    { template: "run.googleapis.com/cpu-throttling: 'false'" },
    { cpuIdle: false },
  ],
  ['CPU between requests', { template: "run.googleapis.com/cpu-throttling: 'true'" }, { cpuIdle: true }],
  [
    'no boost at the start',
    { template: "run.googleapis.com/startup-cpu-boost: 'false'" },
    { cpuIdle: true, startupCpuBoost: false },
  ],
])('of resources: %s', (_, wanted, resources) => {
  expect(imported(wanted).resource.template.containers?.[0]?.resources).toEqual(resources);
});

test('what is wrong is said where it stands, with a way out', () => {
  expect(
    problemsIn({
      spec: 'volumes: [{ name: data, emptyDir: {} }]',
      container: 'volumeMounts: [{ name: date, mountPath: /x }]',
    }),
  ).toEqual(['date | volumeMounts: there is no volume "date" | declared: data']);
  expect(problemsIn({ container: 'volumeMounts: [{ name: x, mountPath: /x }]' })).toEqual([
    'x | volumeMounts: there is no volume "x" | declare it under "volumes:"',
  ]);
  expect(
    problemsIn({
      template: `run.googleapis.com/container-dependencies: '{"one":["tow"]}'`,
      containers: '[{ name: one, ports: [{}] }, { name: two }]',
    }),
  ).toEqual([`'{"one":["tow" | container-dependencies: there is no container "tow" | did you mean "two"?`]);
  expect(
    problemsIn({
      template: `run.googleapis.com/container-dependencies: '{"one":["database"]}'`,
      containers: '[{ name: one, ports: [{}] }, { name: two }]',
    }),
  ).toEqual([
    `'{"one":["database" | container-dependencies: there is no container "database" | declared: one, two`,
  ]);
  expect(problemsIn({ container: 'ports: [{ name: h2c }]' })).toEqual([
    'h2c | ports: h2c (HTTP/2 to the container) is not run by the emulator | a service that speaks HTTP/1.1 too can be run as http1',
  ]);
  expect(problemsIn({ template: "run.googleapis.com/sessionAffinity: 'true'" })).toEqual([
    "'true | run.googleapis.com/sessionAffinity is not run by the emulator | affinity is best effort on Cloud Run: a service has to work without it",
  ]);
});

test('a circle of three containers is shown, and containers that need the same one are none', () => {
  const containers =
    '[{ name: a, ports: [{}] }, { name: b, startupProbe: {} }, { name: c, startupProbe: {} }]';
  const needing = (needs: object) => ({
    template: `run.googleapis.com/container-dependencies: '${JSON.stringify(needs)}'`,
    containers,
  });
  expect(problemsIn(needing({ a: ['b'], b: ['c'], c: ['b'] }))).toEqual([
    `'{"a":["b" | container-dependencies: b needs c needs b, in a circle`,
  ]);
  const { resource, warnings } = imported(needing({ a: ['b', 'c'], b: ['c'] }));
  expect(resource.template.containers?.map(({ dependsOn }) => dependsOn)).toEqual([
    ['b', 'c'],
    ['c'],
    undefined,
  ]);
  expect(warnings).toEqual([]);
});

test('sockets of Cloud SQL are mounted where the requests arrive, in a volume that nobody else may have', () => {
  const annotation = 'run.googleapis.com/cloudsql-instances:';
  const mounts = (template: string) =>
    imported({ template, containers: '[{ name: one }, { name: two, ports: [{}] }]' }).resource.template;
  expect(mounts(`${annotation} 'p:europe-west1:a, domain.example:p:r:b'`)).toMatchObject({
    containers: [
      { name: 'one' },
      { name: 'two', volumeMounts: [{ name: 'cloudsql', mountPath: '/cloudsql' }] },
    ],
    volumes: [
      { name: 'cloudsql', cloudSqlInstance: { instances: ['p:europe-west1:a', 'domain.example:p:r:b'] } },
    ],
  });
  expect(mounts(`${annotation} 'p:r:a'`).containers?.[0]?.volumeMounts).toBeUndefined();
  expect(mounts(`${annotation} ' '`).volumes).toBeUndefined();
  expect(
    problemsIn({ template: `${annotation} 'p:r:a'`, spec: 'volumes: [{ name: cloudsql, emptyDir: {} }]' }),
  ).toEqual([`'p:r:a | cloudsql-instances: a volume "cloudsql" is declared already`]);
  expect(problemsIn({ template: `${annotation} 'p:r:a!, p/r/b'` })).toEqual([
    `'p:r:a! | cloudsql-instances: expected PROJECT:REGION:INSTANCE, got "p:r:a!"`,
    `'p:r:a! | cloudsql-instances: expected PROJECT:REGION:INSTANCE, got "p/r/b"`,
  ]);
});

test('buckets and file servers are named, though nothing is mounted', () => {
  const { resource, warnings } = imported({
    spec: 'volumes: [{ name: b, csi: { driver: d, readOnly: true, volumeAttributes: { bucketName: pics } } }, { name: n, nfs: { server: s, path: /p, readOnly: false } }]',
  });
  expect(resource.template.volumes).toEqual([
    { name: 'b', gcs: { bucket: 'pics', readOnly: true } },
    { name: 'n', nfs: { server: 's', path: '/p', readOnly: false } },
  ]);
  expect(warnings).toHaveLength(2);
});

test('the secrets of variables and volumes are told, each where it stands', () => {
  const wanted = {
    container:
      'env: [{ name: A, value: x }, { name: B }, { name: C, valueFrom: { secretKeyRef: { name: key, key: 3 } } }]',
    spec: 'volumes: [{ name: v, secret: { secretName: cert } }, { name: w, emptyDir: {} }]',
  };
  const { secrets, env } = imported(wanted);
  expect(secrets.map(({ value, place }) => [value, wordAt(wanted, place)])).toEqual([
    ['key', 'key'],
    ['cert', 'cert'],
  ]);
  expect([...env].map(([name, { value, place }]) => [name, value, wordAt(wanted, place)])).toEqual([
    ['A', 'x', 'x'],
    ['B', '', 'B'],
  ]);
});

test('file modes are octal with a zero before them, and up to 0777', () => {
  const modeOf = (mode: string) =>
    imported({ spec: `volumes: [{ name: x, secret: { secretName: s, defaultMode: ${mode} } }]` }).resource
      .template.volumes?.[0]?.secret?.defaultMode;
  expect([modeOf('0777'), modeOf('0400'), modeOf('256')]).toEqual([0o777, 0o400, 256]);
  const item = (mode: string) => ({
    spec: `volumes: [{ name: x, secret: { secretName: s, defaultMode: 0400, items: [{ path: a, mode: ${mode} }] } }]`,
  });
  expect(problemsIn(item('0600'))).toEqual([]);
  expect(problemsIn(item('01000'))[0]).toContain('the volume x has a file mode of more than 0777');
});

test('the bounds of both levels: the smaller maximum, the larger minimum, never above the maximum', () => {
  const settingsOf = (wanted: Wanted) => {
    const { settings, impliedOverlap } = imported(wanted);
    return [settings.get('min_instances')?.value, settings.get('max_instances')?.value, impliedOverlap];
  };
  const service = (max: number, min: number) =>
    `run.googleapis.com/maxScale: '${max}', run.googleapis.com/minScale: '${min}'`;
  const template = (max: number, min: number) =>
    `autoscaling.knative.dev/maxScale: '${max}', autoscaling.knative.dev/minScale: '${min}'`;
  expect(settingsOf({})).toEqual([undefined, undefined, undefined]);
  expect(settingsOf({ template: template(8, 3) })).toEqual([3, 8, undefined]);
  // A cap of the service holds both revisions together: nothing is left for a second fleet.
  expect(settingsOf({ service: service(6, 1), template: template(8, 3) })).toEqual([3, 6, 0]);
  expect(settingsOf({ service: service(30, 4), template: template(8, 3) })).toEqual([4, 8, 1]);
  expect(settingsOf({ service: service(5, 9) })).toEqual([5, 5, 0]);
});

test('two spellings of one bound may stand side by side where they agree', () => {
  const both = (one: string, other: string) => ({
    template: `autoscaling.knative.dev/maxScale: '${one}', autoscaling.knative.dev/max-scale: '${other}'`,
  });
  expect(problemsIn(both('3', '3'))).toEqual([]);
  expect(problemsIn(both('3', '4'))).toEqual([
    "'3 | autoscaling.knative.dev/maxScale says 3, but autoscaling.knative.dev/max-scale at service.yaml:6:106 says 4",
  ]);
  expect(problemsIn(both('0', '0'))).toHaveLength(2);
});

test('automatic scaling is what there is anyway', () => {
  const { resource, settings } = imported({
    service: "run.googleapis.com/scalingMode: automatic, run.googleapis.com/maxScale: '4'",
  });
  expect(resource.scaling).toEqual({ scalingMode: 'AUTOMATIC', maxInstanceCount: 4 });
  expect(settings.get('max_instances')?.value).toBe(4);
});

test.each([
  ['no Cloud Run document', 'a: 1', 'this is no Cloud Run service.yaml: it has no "spec:"'],
  [
    'another version of the interface',
    'apiVersion: v2\nspec: {}',
    'apiVersion: expected serving.knative.dev/v1, got "v2"',
  ],
  ['a document without a spec', 'kind: Service', 'spec: expected keys with values'],
  ['another kind', 'kind: Job\nspec: {}', 'kind: expected Service, got "Job"'],
])('%s is refused', (_, text, message) => {
  expect(importService(parseYaml(text, 'service.yaml'))).toMatchObject({
    ok: false,
    problems: [{ message }],
  });
});

test('a concurrency of 0 leaves the number to Cloud Run', () => {
  const { settings, resource } = imported({ spec: 'containerConcurrency: 0, timeoutSeconds: 7' });
  expect([...settings.keys()]).toEqual(['request_timeout_seconds']);
  expect(settings.get('request_timeout_seconds')).toMatchObject({ value: 7, place: { line: 7 } });
  expect(resource.template.maxInstanceRequestConcurrency).toBeUndefined();
});

test('labels and annotations of a person are kept, those of Cloud Run are not', () => {
  const { resource } = imported({
    service: "owner: ann, run.googleapis.com/operation-id: '7', serving.knative.dev/creator: x, level: 3",
    template: "autoscaling.knative.dev/maxScale: '3', autoscaling.knative.dev/target: '70', mine/key: true",
  });
  expect(resource.annotations).toEqual({ owner: 'ann', level: '3' });
  expect(resource.template.annotations).toEqual({
    'autoscaling.knative.dev/target': '70',
    'mine/key': 'true',
  });
  expect(imported({}).resource.annotations).toBeUndefined();
});

test('the published schema of a service is the one in the code', async () => {
  const scenario = JSON.parse(
    await readFile(new URL('../../../scenarios/schema/scenario.v1.json', import.meta.url), 'utf8'),
  ) as { readonly $defs: { readonly service_resource: object } };
  const schema = jsonSchemaOf(serviceResource);
  expect({ $schema: schema.$schema, ...scenario.$defs.service_resource }).toMatchObject(schema);
  expect(undescribed(schema)).toEqual([]);
});
