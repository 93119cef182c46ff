import { request } from 'node:http';
import { RevisionsClient, ServicesClient, type protos } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/platform/json.ts';
import { startAdminServer, type RunningAdmin } from '../../../src/platform/local/admin/admin-server.ts';
import { emulatorControl } from '../../../src/platform/local/emulator-control.ts';
import { baseResource, MemoryBackend } from '../../platform/admin/memory-backend.ts';

type Service = protos.google.cloud.run.v2.IService;

const token = 'the-token';
const parent = 'projects/demo/locations/local';
const name = `${parent}/services/api`;
const running: RunningAdmin[] = [];
const clients: { close(): Promise<void> }[] = [];

beforeAll(() => {
  // Without it, the gRPC client of a place without credentials looks for Google's metadata server first.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const admin of running.splice(0)) await admin.close();
});

async function start(
  backend = new MemoryBackend(),
  grpc = false,
): Promise<{ admin: RunningAdmin; backend: MemoryBackend }> {
  const admin = await startAdminServer({ backend, port: 0, token, grpc });
  running.push(admin);
  return { admin, backend };
}

/** The official client's own auth, with this emulator's token. */
class TokenClient extends PassThroughClient {
  override request<T>(
    options: Parameters<PassThroughClient['request']>[0],
  ): ReturnType<typeof PassThroughClient.prototype.request<T>> {
    const headers = new Headers(options.headers);
    headers.set('authorization', `Bearer ${token}`);
    return super.request<T>({ ...options, headers });
  }
}

interface Official {
  readonly services: ServicesClient;
  readonly revisions: RevisionsClient;
  /** Passed to every call. */
  readonly call: object;
}

/** The official clients as people point them at an emulator. */
function official(admin: RunningAdmin, mode: 'rest' | 'grpc'): Official {
  const url = new URL(admin.url);
  const place =
    mode === 'grpc'
      ? { apiEndpoint: admin.grpc!.host, port: admin.grpc!.port, sslCreds: credentials.createInsecure() }
      : {
          fallback: true,
          protocol: 'http',
          apiEndpoint: url.hostname,
          port: Number(url.port),
          authClient: new TokenClient() as never,
        };
  const made = { services: new ServicesClient(place), revisions: new RevisionsClient(place) };
  clients.push(made.services, made.revisions);
  return {
    ...made,
    call: mode === 'grpc' ? { otherArgs: { headers: { authorization: `Bearer ${token}` } } } : {},
  };
}

interface RawAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** A call by hand, with exactly these headers. */
function raw(
  admin: RunningAdmin,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${admin.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as JsonObject }),
      );
    });
    sent.end(typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body));
  });
}

const refused = (status: number, code: string, message: RegExp): object => {
  const matching: unknown = expect.stringMatching(message);
  return { status, body: { error: { code: status, status: code, message: matching } } };
};

/** Follows an operation to its end. */
async function ended(admin: RunningAdmin, { body }: RawAnswer): Promise<JsonObject> {
  const { body: operation } = await raw(admin, 'POST', `/v2/${String(body['name'])}:wait`, {
    timeout: '10s',
  });
  expect(operation['done']).toBe(true);
  return operation;
}

describe.each(['rest', 'grpc'] as const)('the official client over %s', (mode) => {
  const connect = async (backend?: MemoryBackend): Promise<Official & { backend: MemoryBackend }> => {
    const started = await start(backend, mode === 'grpc');
    return { ...official(started.admin, mode), backend: started.backend };
  };

  test('reads a service and its revisions', async () => {
    const { services, revisions, call } = await connect();
    const [service] = await services.getService({ name }, call);
    expect(service).toMatchObject({
      name,
      uid: 'uid-api',
      ingress: 'INGRESS_TRAFFIC_ALL',
      latestReadyRevision: `${name}/revisions/api-00001-abc`,
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
      trafficStatuses: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
      template: { maxInstanceRequestConcurrency: 16, timeout: { seconds: '300' } },
      reconciling: false,
    });
    expect(service.conditions?.map(({ type }) => type)).toEqual(['RoutesReady', 'ConfigurationsReady']);
    const [revision] = await revisions.getRevision({ name: `${name}/revisions/api-00001-abc` }, call);
    expect(revision).toMatchObject({
      service: 'api',
      scaling: { maxInstanceCount: 8 },
      maxInstanceRequestConcurrency: 16,
    });
  });

  test('lists over several pages', async () => {
    const backend = new MemoryBackend({ web: baseResource, api: baseResource, worker: baseResource });
    const { services, call } = await connect(backend);
    const found: (string | null | undefined)[] = [];
    for await (const service of services.listServicesAsync({ parent, pageSize: 1 }, call))
      found.push(service.name);
    expect(found).toEqual(['api', 'web', 'worker'].map((one) => `${parent}/services/${one}`));
  });

  test('reads, changes and writes a template: a new revision, and the operation tells when it serves', async () => {
    const { services, revisions, call, backend } = await connect();
    const [service] = await services.getService({ name }, call);
    service.template!.containers![0]!.env = [{ name: 'DB_POOL_MAX', value: '4' }];
    const [operation] = await services.updateService({ service, updateMask: { paths: ['template'] } }, call);
    expect(operation.latestResponse.done).toBe(false);
    const [changed] = await operation.promise();
    expect(changed.latestReadyRevision).toBe(`${name}/revisions/api-00002-abc`);
    const [listed] = await revisions.listRevisions({ parent: name }, call);
    expect(listed.map((one) => one.name?.split('/').at(-1))).toEqual(['api-00002-abc', 'api-00001-abc']);
    expect(backend.service('api')?.resource.template.containers?.[0]?.env).toEqual([
      { name: 'DB_POOL_MAX', value: '4' },
    ]);
  });

  test('writes back what it read without making a revision', async () => {
    const { services, call, backend } = await connect();
    const [service] = await services.getService({ name }, call);
    const [operation] = await services.updateService({ service }, call);
    await operation.promise();
    expect(backend.service('api')?.revisions).toHaveLength(1);
  });

  test('shifts traffic with a tag, scales, and deletes a revision that nothing reaches', async () => {
    const { services, revisions, call, backend } = await connect();
    const [deployed] = await services.updateService(
      {
        service: { name, template: { containers: [{ image: 'app:2' }] } },
        updateMask: { paths: ['template'] },
      },
      call,
    );
    await deployed.promise();
    const change = async (service: Service, path: string): Promise<Service> => {
      const [operation] = await services.updateService(
        { service: { name, ...service }, updateMask: { paths: [path] } },
        call,
      );
      const [result] = await operation.promise();
      return result;
    };
    const pinned = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION' as const, revision: 'api-00001-abc' };
    const latest = { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' as const };
    const split = await change(
      {
        traffic: [
          { ...pinned, percent: 30, tag: 'old' },
          { ...latest, percent: 70 },
        ],
      },
      'traffic',
    );
    expect(split.trafficStatuses).toMatchObject([
      { revision: 'api-00001-abc', percent: 30, tag: 'old', uri: 'http://127.0.0.1:2/old' },
      { revision: 'api-00002-abc', percent: 70 },
    ]);
    await change({ scaling: { maxInstanceCount: 3 } }, 'scaling.max_instance_count');
    expect(backend.service('api')).toMatchObject({
      resource: { scaling: { maxInstanceCount: 3 } },
      latestCreated: 'api-00002-abc',
    });

    const old = { name: `${name}/revisions/api-00001-abc` };
    await expect(revisions.deleteRevision(old, call)).rejects.toThrow('it has traffic or a tag');
    await change({ traffic: [{ ...latest, percent: 100 }] }, 'traffic');
    const [deleting] = await revisions.deleteRevision(old, call);
    await deleting.promise();
    await expect(revisions.getRevision(old, call)).rejects.toThrow('does not exist');
  });

  test('is told why a change failed, while the old revision serves on', async () => {
    const { services, call } = await connect();
    const [service] = await services.getService({ name }, call);
    service.template!.containers![0]!.env = [{ name: 'FAIL', value: '1' }];
    const [operation] = await services.updateService({ service, updateMask: { paths: ['template'] } }, call);
    await expect(operation.promise()).rejects.toThrow("Revision 'api-00002-abc' is not ready");
    const [after] = await services.getService({ name }, call);
    expect(after).toMatchObject({
      latestReadyRevision: `${name}/revisions/api-00001-abc`,
      latestCreatedRevision: `${name}/revisions/api-00002-abc`,
      terminalCondition: { state: 'CONDITION_FAILED', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
      trafficStatuses: [{ revision: 'api-00001-abc', percent: 100 }],
    });
  });

  test('is refused when someone else changed the service since it was read', async () => {
    const { services, call, backend } = await connect();
    const [service] = await services.getService({ name }, call);
    await backend.apply('api', { ...baseResource, scaling: { maxInstanceCount: 2 } });
    await expect(
      services.updateService({ service, updateMask: { paths: ['labels'] } }, call),
    ).rejects.toThrow(/ABORTED.*Conflict for resource 'api'|Conflict for resource 'api'[^]*ABORTED/);
  });

  test('is refused by name of the field', async () => {
    const { services, call, backend } = await connect();
    const update = (service: Service, path: string): Promise<unknown> =>
      services.updateService({ service: { name, ...service }, updateMask: { paths: [path] } }, call);
    await expect(update({ traffic: [{ percent: 40 }] }, 'traffic')).rejects.toThrow(
      'percentages must sum to 100, got 40',
    );
    await expect(update({ template: { revision: 'blue', containers: [{}] } }, 'template')).rejects.toThrow(
      'template.revision',
    );
    await expect(update({}, 'trafic')).rejects.toThrow('no such field');
    await expect(services.getService({ name: `${parent}/services/nope` }, call)).rejects.toThrow(
      'does not exist',
    );
    await expect(
      services.getService({ name: 'projects/demo/locations/moon/services/api' }, call),
    ).rejects.toThrow('is not here');
    expect(backend.applied).toEqual([]);
  });
});

test('gRPC wants the token too', async () => {
  const { admin } = await start(new MemoryBackend(), true);
  const { services } = official(admin, 'grpc');
  await expect(services.getService({ name })).rejects.toMatchObject({ code: 16 });
});

test('a caller without the token, from a page or under a foreign name is refused', async () => {
  const { admin } = await start();
  const get = (headers: Record<string, string>): Promise<RawAnswer> =>
    raw(admin, 'GET', `/v2/${name}`, undefined, headers);
  expect(await get({ authorization: '' })).toMatchObject(refused(401, 'UNAUTHENTICATED', /bearer token/));
  expect(await get({ authorization: 'Bearer other' })).toMatchObject(
    refused(401, 'UNAUTHENTICATED', /bearer token/),
  );
  expect(await get({ host: 'evil.example' })).toMatchObject(
    refused(403, 'PERMISSION_DENIED', /evil\.example/),
  );
  expect(await get({ origin: admin.url })).toMatchObject(refused(403, 'PERMISSION_DENIED', /Origin/));
  const own = await raw(admin, 'GET', '/emulator/v1/status', undefined, { authorization: '' });
  expect(own.status).toBe(401);
});

test('enums are answered as names, or as numbers when asked for, and taken both ways', async () => {
  const { admin } = await start();
  const path = `/v2/${name}`;
  const asNames = await raw(admin, 'GET', path);
  const asNumbers = await raw(admin, 'GET', `${path}?$alt=json%3Benum-encoding=int`);
  expect(asNames.body).toMatchObject({
    ingress: 'INGRESS_TRAFFIC_ALL',
    generation: '1',
    traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' }],
  });
  expect(asNumbers.body).toMatchObject({
    ingress: 1,
    traffic: [{ type: 1 }],
    terminalCondition: { state: 4 },
  });
  const patched = await raw(admin, 'PATCH', `${path}?updateMask=ingress`, { ingress: 2 });
  const { response } = await ended(admin, patched);
  expect(response).toMatchObject({
    '@type': 'type.googleapis.com/google.cloud.run.v2.Service',
    ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
    generation: '2',
  });
});

test('fields that this version of the API does not know survive reading, changing and writing', async () => {
  const { admin, backend } = await start();
  const unknown = {
    template: { ...baseResource.template, scaling: { maxInstanceCount: 8, concurrencyUtilization: 0.7 } },
    future: [1],
  };
  await ended(admin, await raw(admin, 'PATCH', `/v2/${name}`, unknown));
  const { body } = await raw(admin, 'GET', `/v2/${name}`);
  expect(body).toMatchObject({ future: [1], template: { scaling: { concurrencyUtilization: 0.7 } } });
  await ended(
    admin,
    await raw(admin, 'PATCH', `/v2/${name}?updateMask=template.timeout`, { template: { timeout: '9s' } }),
  );
  expect(backend.service('api')?.resource).toMatchObject({
    future: [1],
    template: { timeout: '9s', scaling: { concurrencyUtilization: 0.7 } },
  });
});

test('a change that is only to be checked changes nothing and answers what it would make', async () => {
  const { admin, backend } = await start();
  const patched = await raw(admin, 'PATCH', `/v2/${name}?updateMask=scaling&validateOnly=true`, {
    scaling: { maxInstanceCount: 2 },
  });
  expect(await ended(admin, patched)).toMatchObject({ response: { scaling: { maxInstanceCount: 2 } } });
  expect(backend.applied).toEqual([]);
});

test('what has no meaning here is refused in so many words', async () => {
  const { admin } = await start();
  const call = (method: string, path: string, body?: unknown): Promise<RawAnswer> =>
    raw(admin, method, path, body);
  expect(await call('POST', `/v2/${parent}/services?serviceId=x`, {})).toMatchObject(
    refused(501, 'UNIMPLEMENTED', /neither created nor deleted/),
  );
  expect(await call('DELETE', `/v2/${name}`)).toMatchObject(
    refused(501, 'UNIMPLEMENTED', /neither created nor deleted/),
  );
  expect(await call('GET', `/v2/${name}:getIamPolicy`)).toMatchObject(
    refused(501, 'UNIMPLEMENTED', /no IAM/),
  );
  expect(await call('GET', `/v2/${parent}/jobs`)).toMatchObject(
    refused(501, 'UNIMPLEMENTED', /no such method/),
  );
  expect(await call('GET', '/v1/anything')).toMatchObject(refused(404, 'NOT_FOUND', /no such path/));
  expect(await call('GET', `/v2/${parent}/operations/7`)).toMatchObject(
    refused(404, 'NOT_FOUND', /operation/),
  );
  expect(await call('PATCH', `/v2/${parent}/services/new?allowMissing=true`, {})).toMatchObject(
    refused(501, 'UNIMPLEMENTED', /allowMissing/),
  );
  expect(await call('PATCH', `/v2/${name}`, '{"a":')).toMatchObject(
    refused(400, 'INVALID_ARGUMENT', /not JSON/),
  );
  expect(await call('PATCH', `/v2/${name}?updateMaks=a`, {})).toMatchObject(
    refused(400, 'INVALID_ARGUMENT', /updateMaks/),
  );
  expect(await call('PATCH', `/v2/${name}`, { name: `${parent}/services/web` })).toMatchObject(
    refused(400, 'INVALID_ARGUMENT', /service\.name/),
  );
  expect((await call('PATCH', `/v2/${name}`, { scaling: { minInstanceCount: -1 } })).body).toMatchObject({
    error: {
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'scaling.minInstanceCount', description: 'must not be negative' }],
        },
      ],
    },
  });
});

test('a name that another revision has is refused', async () => {
  const { admin } = await start();
  const template = { ...baseResource.template, revision: 'api-00001-abc', timeout: '9s' };
  const answer = await raw(admin, 'PATCH', `/v2/${name}?updateMask=template`, { template });
  expect(answer).toMatchObject(refused(409, 'ALREADY_EXISTS', /different configuration/));
});

test('a change that waits behind another is built upon, not undone', async () => {
  const { admin, backend } = await start(new MemoryBackend({ api: baseResource }, 600));
  const patch = (mask: string, body: JsonObject): Promise<RawAnswer> =>
    raw(admin, 'PATCH', `/v2/${name}?updateMask=${mask}`, body);
  const first = await patch('template.timeout', { template: { timeout: '9s' } });
  const second = await patch('scaling', { scaling: { maxInstanceCount: 2 } });
  expect((await raw(admin, 'GET', `/v2/${name}`)).body).toMatchObject({
    reconciling: true,
    template: { timeout: '9s' },
    scaling: { maxInstanceCount: 2 },
  });
  const third = await patch('labels', { labels: { a: '1' } });
  await ended(admin, first);
  // The second is under way and the third waits: both are still built upon.
  const fourth = await patch('description', { description: 'd' });
  for (const one of [second, third, fourth]) await ended(admin, one);
  expect(backend.service('api')?.resource).toMatchObject({
    template: { timeout: '9s' },
    scaling: { maxInstanceCount: 2 },
    labels: { a: '1' },
    description: 'd',
  });
});

test('each of two changes is told how it ended itself', async () => {
  const { admin } = await start();
  const template = { containers: [{ image: 'app:2', env: [{ name: 'FAIL', value: '1' }] }] };
  const failing = await raw(admin, 'PATCH', `/v2/${name}?updateMask=template`, { template });
  const sound = await raw(admin, 'PATCH', `/v2/${name}?updateMask=scaling`, {
    scaling: { maxInstanceCount: 2 },
  });
  expect(await ended(admin, failing)).toMatchObject({
    error: { code: 9, message: "Revision 'api-00002-abc' is not ready and cannot serve traffic." },
  });
  expect(await ended(admin, sound)).not.toHaveProperty('error');
});

test('operations are listed, the newest first', async () => {
  const { admin } = await start();
  for (const max of [2, 3])
    await ended(
      admin,
      await raw(admin, 'PATCH', `/v2/${name}?updateMask=scaling`, { scaling: { maxInstanceCount: max } }),
    );
  const { body } = await raw(admin, 'GET', `/v2/${parent}/operations?pageSize=1`);
  expect(body).toMatchObject({
    operations: [{ done: true, response: { scaling: { maxInstanceCount: 3 } } }],
  });
  expect(body['nextPageToken']).toEqual(expect.any(String));
});

test('the emulator shows its state and turns its knobs', async () => {
  const { admin, backend } = await start();
  const emulator = emulatorControl({ url: admin.url, token, project: 'demo', location: 'local', grpc: null });
  expect((await emulator.status()).services).toMatchObject([
    {
      name: 'api',
      latestReady: 'api-00001-abc',
      revisions: [{ maxInstances: 8, instances: { ready: 1 }, queued: 0 }],
    },
  ]);
  expect(await emulator.turn('api', { knob: 'kill', count: 2 })).toBe('turned kill');
  expect(backend.turned).toEqual([{ service: 'api', knob: { knob: 'kill', count: 2 } }]);
  await expect(emulator.turn('api', { knob: 'kill', count: 0 })).rejects.toThrow(/count/);
  await expect(emulator.turn('web', { knob: 'resume' })).rejects.toThrow(/does not exist/);
});

test('closing ends the calls that wait for an operation', async () => {
  const { admin } = await start(new MemoryBackend({ api: baseResource }, 5_000));
  const { body } = await raw(admin, 'PATCH', `/v2/${name}?updateMask=scaling`, {
    scaling: { maxInstanceCount: 2 },
  });
  const waiting = raw(admin, 'POST', `/v2/${String(body['name'])}:wait`, {});
  const cut = expect(waiting).rejects.toThrow();
  await admin.close();
  await cut;
});
