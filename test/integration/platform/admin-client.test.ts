import { afterEach, expect, test } from 'vitest';
import type { ServiceResource } from '../../../src/contract/cloud-run/service-resource.ts';
import type { CloudRunAdmin } from '../../../src/platform/cloud-run/cloud-run-admin.ts';
import { connectAdmin } from '../../../src/platform/cloud-run/connect-admin.ts';
import { startAdminServer, type RunningAdmin } from '../../../src/platform/local/admin/admin-server.ts';
import { baseResource, MemoryBackend } from '../../platform/admin/memory-backend.ts';

const running: RunningAdmin[] = [];

afterEach(async () => {
  for (const admin of running.splice(0)) await admin.close();
});

async function connect(
  resource: ServiceResource = baseResource,
  { startupMs = 20, limitMs = 20_000 } = {},
): Promise<{ admin: CloudRunAdmin; backend: MemoryBackend }> {
  const backend = new MemoryBackend({ api: resource }, startupMs);
  const server = await startAdminServer({ backend, port: 0, token: 'secret', grpc: false });
  running.push(server);
  const place = { project: 'demo', location: 'local', url: server.url, token: 'secret' };
  return { backend, admin: await connectAdmin(place, limitMs) };
}

const routed = (backend: MemoryBackend): unknown =>
  backend.service('api')?.traffic.map(({ revision, percent }) => [revision, percent]);

test('a service and its revisions are seen as they are', async () => {
  const { admin } = await connect({ ...baseResource, scaling: { maxInstanceCount: 5 } });
  expect(await admin.service('api')).toEqual({
    name: 'api',
    url: 'http://127.0.0.1:1/api',
    reconciling: false,
    problem: null,
    latestCreated: 'api-00001-abc',
    latestReady: 'api-00001-abc',
    traffic: [{ latest: true, revision: 'api-00001-abc', percent: 100, tag: null }],
    minInstances: 0,
    maxInstances: 5,
  });
  expect(await admin.revisions('api')).toEqual([
    {
      name: 'api-00001-abc',
      ready: true,
      problem: null,
      desiredMinInstances: 0,
      maxInstances: 8,
      concurrency: 16,
      timeoutMs: 300_000,
    },
  ]);
});

test('a deployment serves once it is reported, and what the client does not know is kept', async () => {
  const template = {
    ...baseResource.template,
    revision: 'api-blue',
    scaling: { maxInstanceCount: 8, concurrencyUtilization: 0.7 },
    futureField: { x: 1 },
  };
  const { admin, backend } = await connect({ template });
  const { revision } = await admin.deploy('api', { env: { A: '1' }, maxInstances: 4 });
  expect(revision).toBe('api-00002-abc');
  expect(routed(backend)).toEqual([[revision, 100]]);
  expect(backend.service('api')?.resource.template).toMatchObject({
    futureField: { x: 1 },
    scaling: { maxInstanceCount: 4, concurrencyUtilization: 0.7 },
    containers: [{ env: [{ name: 'A', value: '1' }] }],
  });
});

test('deploying the same again makes a new revision each time', async () => {
  const { admin } = await connect();
  expect(await admin.deploy('api', {})).toEqual({ revision: 'api-00002-abc' });
  expect(await admin.deploy('api', {})).toEqual({ revision: 'api-00003-abc' });
  expect(await admin.deploy('api', { revision: 'api-green' })).toEqual({ revision: 'api-green' });
});

test('a deployment sends traffic that was pinned to the latest, and keeps tags', async () => {
  const { admin, backend } = await connect();
  await admin.traffic('api', [{ revision: 'api-00001-abc', percent: 100, tag: 'stable' }]);
  const { revision } = await admin.deploy('api', { concurrency: 4 });
  expect(routed(backend)).toEqual([
    [revision, 100],
    ['api-00001-abc', 0],
  ]);
  expect(backend.service('api')?.traffic[1]?.tag).toBe('stable');
});

test('two deployments at once both come true', async () => {
  const { admin, backend } = await connect();
  await Promise.all([admin.deploy('api', { env: { A: '1' } }), admin.deploy('api', { env: { B: '2' } })]);
  const env = backend.service('api')?.resource.template.containers?.[0]?.env ?? [];
  expect(env.map(({ name }) => name).sort()).toEqual(['A', 'B']);
});

test('traffic is split between revisions', async () => {
  const { admin, backend } = await connect();
  await admin.deploy('api', {});
  await admin.traffic('api', [
    { revision: 'api-00001-abc', percent: 25 },
    { revision: null, percent: 75 },
  ]);
  expect(routed(backend)).toEqual([
    ['api-00001-abc', 25],
    ['api-00002-abc', 75],
  ]);
});

test('scaling changes what is given and nothing else, and makes no revision', async () => {
  const scaling = { minInstanceCount: 1, maxInstanceCount: 8, futureField: 1 };
  const { admin, backend } = await connect({ ...baseResource, scaling });
  await admin.scale('api', { max: 3 });
  expect(backend.service('api')?.resource.scaling).toEqual({ ...scaling, maxInstanceCount: 3 });
  await admin.scale('api', { min: 0 });
  expect(backend.service('api')?.resource.scaling).toEqual({ maxInstanceCount: 3, futureField: 1 });
  expect(backend.service('api')?.revisions).toHaveLength(1);
});

test('restoring makes template, traffic and scaling what they were', async () => {
  const template = { ...baseResource.template, futureField: { x: 1 } };
  const { admin, backend } = await connect({ template, scaling: { maxInstanceCount: 8 } });
  const before = await admin.snapshot('api');
  await admin.deploy('api', { env: { A: '1' } });
  await admin.scale('api', { max: 2 });
  await admin.traffic('api', [{ revision: 'api-00001-abc', percent: 100 }]);
  await admin.restore(before);
  expect(await admin.snapshot('api')).toEqual(before);
  expect(routed(backend)).toEqual([['api-00005-abc', 100]]);
});

test('restoring one part leaves the others, and restoring what is unchanged does nothing', async () => {
  const { admin, backend } = await connect();
  const before = await admin.snapshot('api');
  await admin.deploy('api', { env: { A: '1' } });
  await admin.scale('api', { max: 2 });
  await admin.restore(before, ['scaling']);
  expect(backend.service('api')?.revisions).toHaveLength(2);
  expect(backend.service('api')?.resource.scaling?.maxInstanceCount).toBeUndefined();
  const changes = backend.applied.length;
  await admin.restore(before, ['scaling', 'traffic']);
  expect(backend.applied).toHaveLength(changes);
});

test('a deployment that fails says why, in the words of the service', async () => {
  const { admin } = await connect();
  await expect(admin.deploy('api', { env: { FAIL: '1' } })).rejects.toMatchObject({
    name: 'EnvironmentError',
    problems: [
      { message: "deploying api failed: Revision 'api-00002-abc' is not ready and cannot serve traffic." },
    ],
  });
  expect(await admin.service('api')).toMatchObject({
    problem: "Revision 'api-00002-abc' is not ready and cannot serve traffic.",
    latestReady: 'api-00001-abc',
  });
});

test('a refusal says what was wrong', async () => {
  const { admin } = await connect();
  await expect(admin.traffic('api', [{ revision: null, percent: 60 }])).rejects.toMatchObject({
    name: 'EnvironmentError',
    problems: [
      {
        message:
          'shifting the traffic of api: INVALID_ARGUMENT: traffic: percentages must sum to 100, got 60',
      },
    ],
  });
  await expect(admin.service('nope')).rejects.toThrow(/reading nope: NOT_FOUND: .*does not exist/);
});

test('a change that does not end in time is given up', async () => {
  const { admin } = await connect(baseResource, { startupMs: 3000, limitMs: 200 });
  await expect(admin.deploy('api', {})).rejects.toThrow(/deploying api had not ended after 0\.2 s/);
});

test('a proxy of the environment is not used for an emulator on this machine', async () => {
  process.env['HTTP_PROXY'] = process.env['HTTPS_PROXY'] = 'http://127.0.0.1:9';
  try {
    const { admin } = await connect();
    expect(await admin.deploy('api', { env: { A: '1' } })).toEqual({ revision: 'api-00002-abc' });
  } finally {
    delete process.env['HTTP_PROXY'];
    delete process.env['HTTPS_PROXY'];
  }
});
