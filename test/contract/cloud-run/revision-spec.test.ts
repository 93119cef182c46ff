import { expect, test } from 'vitest';
import type { ResourceProbe } from '../../../src/contract/cloud-run/resource-probe.ts';
import { revisionSpecOf } from '../../../src/contract/cloud-run/revision-spec.ts';

test('an empty template has the defaults of Cloud Run', () => {
  expect(revisionSpecOf({})).toEqual({
    concurrency: 80,
    timeoutMs: 300_000,
    minInstances: 0,
    maxInstances: 100,
    healthCheckDisabled: false,
    volumes: [],
    containers: [
      {
        name: 'app',
        ingress: true,
        port: 8080,
        image: null,
        command: [],
        args: [],
        workingDir: null,
        env: [],
        mounts: [],
        // One long look at the port, given up after four minutes.
        startupProbe: {
          kind: 'tcp',
          port: null,
          initialDelayMs: 0,
          periodMs: 240_000,
          timeoutMs: 240_000,
          failureThreshold: 1,
        },
        livenessProbe: null,
        readinessProbe: null,
        dependsOn: [],
        limits: { cpus: null, memoryBytes: null },
      },
    ],
  });
});

test('the container with a port takes the requests, wherever it stands', () => {
  const { containers } = revisionSpecOf({
    containers: [{ name: 'pooler' }, { ports: [{ containerPort: 3000 }] }, {}],
  });
  expect(containers.map(({ name, ingress, port }) => [name, ingress, port])).toEqual([
    ['pooler', false, null],
    ['app', true, 3000],
    ['container-3', false, null],
  ]);
  // Nothing is known of a sidecar that declares no probe: it counts as started when it runs.
  expect(containers.map(({ startupProbe }) => startupProbe === null)).toEqual([true, false, true]);
});

test('0 stands for the default, as in the API', () => {
  const spec = revisionSpecOf({
    maxInstanceRequestConcurrency: 0,
    timeout: '0s',
    scaling: { minInstanceCount: 0, maxInstanceCount: 0 },
  });
  expect(spec).toMatchObject({ concurrency: 80, timeoutMs: 300_000, minInstances: 0, maxInstances: 100 });
});

test.each([
  ['1', 80],
  ['2', 80],
  ['1000m', 80],
  ['0.5', 1],
  ['500m', 1],
  ['many', 80],
])('an instance of %s vCPU takes %i requests at once unless it says otherwise', (cpu, concurrency) => {
  const template = { containers: [{ resources: { limits: { cpu } } }] };
  expect(revisionSpecOf(template).concurrency).toBe(concurrency);
  expect(revisionSpecOf({ ...template, maxInstanceRequestConcurrency: 7 }).concurrency).toBe(7);
});

test('a declared probe has the defaults of declared probes', () => {
  const { containers } = revisionSpecOf({
    containers: [
      {
        startupProbe: { tcpSocket: { port: 5432 }, periodSeconds: 5, initialDelaySeconds: 2 },
        livenessProbe: { httpGet: { httpHeaders: [{ name: 'x-probe', value: '1' }, { name: 'y' }] } },
        readinessProbe: { grpc: { port: 9000 }, timeoutSeconds: 3, failureThreshold: 1 },
      },
    ],
  });
  expect(containers[0]).toMatchObject({
    startupProbe: {
      kind: 'tcp',
      port: 5432,
      initialDelayMs: 2000,
      periodMs: 5000,
      timeoutMs: 1000,
      failureThreshold: 3,
    },
    livenessProbe: {
      kind: 'http',
      port: null,
      path: '/',
      headers: { 'x-probe': '1', y: '' },
      periodMs: 10_000,
    },
    readinessProbe: { kind: 'tcp', port: 9000, timeoutMs: 3000, failureThreshold: 1 },
  });
});

test('secrets are files of the name and mode that is declared, else readable under their own name', () => {
  const { volumes } = revisionSpecOf({
    volumes: [
      { name: 'plain', secret: { secret: 'db-password' } },
      { name: 'far', secret: { secret: 'projects/p/secrets/db-password' } },
      {
        name: 'certs',
        secret: {
          secret: 'key',
          defaultMode: 0o400,
          items: [{ path: 'a.pem' }, { path: 'b.pem', mode: 0o600 }],
        },
      },
    ],
  });
  expect(volumes).toEqual([
    { kind: 'secret', name: 'plain', secret: 'db-password', items: [{ path: 'db-password', mode: 0o444 }] },
    {
      kind: 'secret',
      name: 'far',
      secret: 'projects/p/secrets/db-password',
      items: [{ path: 'db-password', mode: 0o444 }],
    },
    {
      kind: 'secret',
      name: 'certs',
      secret: 'key',
      items: [
        { path: 'a.pem', mode: 0o400 },
        { path: 'b.pem', mode: 0o600 },
      ],
    },
  ]);
});

test('what can not be mounted here is not asked of an instance', () => {
  const { containers, volumes } = revisionSpecOf({
    containers: [
      {
        volumeMounts: [
          { name: 'bucket', mountPath: '/bucket' },
          { name: 'nobody', mountPath: '/nobody' },
          { name: 'cloudsql', mountPath: '/cloudsql' },
          { name: 'scratch', mountPath: '/scratch' },
        ],
      },
    ],
    volumes: [
      { name: 'bucket', gcs: { bucket: 'b' } },
      { name: 'cloudsql', cloudSqlInstance: { instances: ['p:r:one'] } },
      { name: 'scratch', emptyDir: {} },
    ],
  });
  expect(volumes).toEqual([
    { kind: 'cloud_sql', name: 'cloudsql', instances: ['p:r:one'] },
    { kind: 'empty', name: 'scratch' },
  ]);
  expect(containers[0].mounts).toEqual([
    { volume: 'cloudsql', path: '/cloudsql' },
    { volume: 'scratch', path: '/scratch' },
  ]);
});

test('a variable is its text, or the secret that holds it', () => {
  const { containers } = revisionSpecOf({
    containers: [
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B' },
          { name: 'C', valueSource: { secretKeyRef: { secret: 's', version: 'latest' } } },
        ],
      },
    ],
  });
  expect(containers[0].env).toEqual([
    { name: 'A', value: 'x' },
    { name: 'B', value: '' },
    { name: 'C', secret: 's' },
  ]);
});

test('a probe names its own port, or the one that takes the requests', () => {
  const probeOf = (probe: ResourceProbe) =>
    revisionSpecOf({ containers: [{ livenessProbe: probe }] }).containers[0].livenessProbe;
  expect(probeOf({ httpGet: { port: 3000, path: '/live' } })).toEqual({
    kind: 'http',
    port: 3000,
    path: '/live',
    initialDelayMs: 0,
    periodMs: 10_000,
    timeoutMs: 1000,
    failureThreshold: 3,
  });
  expect(probeOf({ tcpSocket: { port: 0 } })).toMatchObject({ kind: 'tcp', port: null });
  expect(probeOf({})).toMatchObject({ kind: 'tcp', port: null });
});

test('what a template declares is what a revision runs', () => {
  const spec = revisionSpecOf({
    timeout: '3.5s',
    healthCheckDisabled: true,
    scaling: { minInstanceCount: 2, maxInstanceCount: 7 },
    containers: [
      {
        name: 'web',
        image: 'shop:dev',
        command: ['node'],
        args: ['server.mjs'],
        workingDir: '/app',
        dependsOn: ['pooler'],
        ports: [{ containerPort: 3000 }],
        resources: { limits: { cpu: '2', memory: '1Gi' } },
      },
      { name: 'pooler', ports: [] },
    ],
  });
  expect(spec).toMatchObject({
    timeoutMs: 3500,
    healthCheckDisabled: true,
    minInstances: 2,
    maxInstances: 7,
  });
  expect(spec.containers[0]).toMatchObject({
    name: 'web',
    image: 'shop:dev',
    command: ['node'],
    args: ['server.mjs'],
    workingDir: '/app',
    dependsOn: ['pooler'],
    port: 3000,
    limits: { cpus: 2, memoryBytes: 1024 ** 3 },
  });
});

test('a timeout that is no duration is none', () => {
  expect(revisionSpecOf({ timeout: 'soon' }).timeoutMs).toBe(300_000);
});

test('sockets of Cloud SQL without instances, and an instance of less than one CPU that takes the requests second', () => {
  expect(revisionSpecOf({ volumes: [{ name: 'sql', cloudSqlInstance: {} }] }).volumes).toEqual([
    { kind: 'cloud_sql', name: 'sql', instances: [] },
  ]);
  const containers = [
    { resources: { limits: { cpu: '4' } } },
    { ports: [{}], resources: { limits: { cpu: '0.5' } } },
  ];
  expect(revisionSpecOf({ containers }).concurrency).toBe(1);
});
