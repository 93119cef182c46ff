import { afterEach, expect, test } from 'vitest';
import { makeRandom } from '../../../src/base/random.ts';
import { trafficTypes, type ServiceResource } from '../../../src/contract/cloud-run/service-resource.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { documentedRules } from '../../../src/platform/local/rules.ts';
import { ManagedService } from '../../../src/platform/local/service/managed-service.ts';
import { ManualClock } from '../manual-clock.ts';
import { FakeInstance } from './fake-instance.ts';

/** What an instance of a revision does when it is started; the others wait for the test. */
type Start = (instance: FakeInstance) => void;

const works: Start = (instance) => queueMicrotask(() => instance.ready());
const fails: Start = (instance) => queueMicrotask(() => instance.end('exited'));
const failsIn =
  (revision: string): Start =>
  (instance) =>
    (instance.revision === revision ? fails : works)(instance);

let open: ManagedService[] = [];
afterEach(async () => {
  await Promise.all(open.map((service) => service.stopAll(0)));
  open = [];
});

function resourceOf(revision: string, more: Partial<ServiceResource> = {}): ServiceResource {
  return {
    template: {
      revision,
      containers: [{ name: 'app', image: `${revision}:1`, ports: [{ containerPort: 8080 }] }],
      scaling: { maxInstanceCount: 4 },
    },
    ...more,
  };
}

const v1 = resourceOf('api-1');
const v2 = resourceOf('api-2');

interface Bench {
  readonly service: ManagedService;
  readonly clock: ManualClock;
  readonly instances: FakeInstance[];
  /** `revision state percent` of every revision event, in order. */
  readonly told: string[];
  running(revision: string): readonly FakeInstance[];
}

async function opened(start: Start, resource = v1): Promise<Bench> {
  const clock = new ManualClock();
  const instances: FakeInstance[] = [];
  const told: string[] = [];
  const onEvent = (event: RunEvent): void => {
    if (event.kind === 'revision')
      told.push([event.revision, event.state, event.percent ?? ''].join(' ').trim());
  };
  const service = await ManagedService.open({
    orders: {
      name: 'api',
      resource,
      programs: {},
      cwd: '/',
      secretFiles: {},
      startupDelayMs: 0,
      database: null,
      port: 0,
    },
    profile: 'cloudrun',
    slotAfterTimeout: 'held',
    rules: documentedRules,
    clock: { originNs: 0n, nowUs: () => clock.nowUs },
    random: makeRandom(1, 'test'),
    seed: 1,
    wallMs: () => 1000,
    makeUid: () => 'uid',
    warm: { revision: 'warm', timeoutUs: 0, submit: () => undefined, release: () => undefined },
    nextInstance: () => `i${instances.length + 1}`,
    launch: (orders, watch) => {
      const instance = new FakeInstance(orders.id, orders.revision, orders.reason, watch);
      instances.push(instance);
      start(instance);
      return instance;
    },
    onEvent,
  });
  open.push(service);
  const running = (revision: string): readonly FakeInstance[] =>
    instances.filter((one) => one.isRunning && one.revision === revision);
  return { service, clock, instances, told, running };
}

const shares = ({ service }: Bench): readonly string[] =>
  service.state().traffic.map(({ revision, percent }) => `${revision} ${percent}`);

test('a first deployment starts an instance, and the traffic goes to it', async () => {
  const bench = await opened(works);
  expect(shares(bench)).toEqual([]);
  expect(await bench.service.deploy()).toBeNull();
  expect(bench.instances.map(({ reason }) => reason)).toEqual(['DEPLOYMENT_ROLLOUT']);
  expect(shares(bench)).toEqual(['api-1 100']);
  expect(bench.told).toEqual(['api-1 created', 'api-1 ready', 'api-1 serving 100']);
});

test('a changed template moves the traffic only once its instance is ready', async () => {
  const bench = await opened((instance) => {
    if (instance.revision === 'api-1') works(instance);
  });
  await bench.service.deploy();
  const applying = bench.service.apply(v2);
  await Promise.resolve();
  await expect.poll(() => bench.running('api-2').length).toBe(1);
  expect(shares(bench)).toEqual(['api-1 100']);
  expect(bench.service.state()).toMatchObject({ reconciling: true, latestReady: 'api-1' });
  bench.running('api-2')[0]?.ready();
  await applying;
  expect(shares(bench)).toEqual(['api-2 100']);
  expect(bench.service.state()).toMatchObject({ reconciling: false, latestReady: 'api-2', problem: null });
  expect(bench.told.slice(3)).toEqual([
    'api-2 created',
    'api-2 ready',
    'api-1 retired 0',
    'api-2 serving 100',
  ]);
});

test('a revision that does not start changes no traffic, keeps nothing running and says why', async () => {
  const bench = await opened(failsIn('api-2'));
  await bench.service.deploy();
  await bench.service.apply(v2);
  const { problem, latestReady, latestCreated, revisions } = bench.service.state();
  expect(shares(bench)).toEqual(['api-1 100']);
  expect({ latestReady, latestCreated }).toEqual({ latestReady: 'api-1', latestCreated: 'api-2' });
  expect(problem?.reason).toBe('HEALTH_CHECK_CONTAINER_ERROR');
  expect(problem?.message).toContain('node server.mjs');
  expect(revisions.map(({ name, state }) => `${name} ${state}`)).toEqual(['api-2 failed', 'api-1 ready']);
  expect(bench.running('api-2')).toEqual([]);
  expect(bench.running('api-1')).toHaveLength(1);
});

test('a rollout that needs several instances and loses one stops those that did start', async () => {
  let starts = 0;
  const bench = await opened((instance) => {
    if (instance.revision === 'api-1') works(instance);
    else if ((starts += 1) === 1) works(instance);
    else fails(instance);
  });
  await bench.service.deploy();
  const { template } = v2;
  await bench.service.apply({
    template: { ...template, scaling: { minInstanceCount: 2, maxInstanceCount: 4 } },
  });
  expect(starts).toBe(2);
  expect(bench.running('api-2')).toEqual([]);
  expect(bench.instances.flatMap(({ done }) => done)).toContain('stop DEPLOYMENT_FAILED 0');
});

test('changes are made one after the other, and the service shows the one that was asked for last', async () => {
  const bench = await opened((instance) => {
    if (instance.revision === 'api-1') works(instance);
  });
  await bench.service.deploy();
  const second = bench.service.apply(v2);
  const third = bench.service.apply(resourceOf('api-3'));
  await expect.poll(() => bench.running('api-2').length).toBe(1);
  expect(bench.running('api-3')).toEqual([]);
  expect(bench.service.state()).toMatchObject({ generation: 3, observedGeneration: 1 });
  expect(bench.service.state().resource.template.revision).toBe('api-3');
  bench.running('api-2')[0]?.ready();
  await second;
  await expect.poll(() => bench.running('api-3').length).toBe(1);
  expect(bench.service.state()).toMatchObject({ generation: 3, observedGeneration: 2, reconciling: true });
  expect(shares(bench)).toEqual(['api-2 100']);
  bench.running('api-3')[0]?.ready();
  await third;
  expect(bench.service.state()).toMatchObject({ generation: 3, observedGeneration: 3 });
  expect(shares(bench)).toEqual(['api-3 100']);
});

test('traffic alone is changed without a new revision, and tags get a door of their own', async () => {
  const bench = await opened(works);
  await bench.service.deploy();
  await bench.service.apply(v2);
  const started = bench.instances.length;
  const half = { type: trafficTypes.revision, percent: 50 };
  await bench.service.apply({
    ...v2,
    traffic: [
      { ...half, revision: 'api-1', tag: 'old' },
      { ...half, revision: 'api-2' },
    ],
  });
  expect(bench.instances.length).toBe(started);
  expect(shares(bench)).toEqual(['api-1 50', 'api-2 50']);
  const [old, current] = bench.service.state().traffic;
  expect(old?.tagUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(current?.tagUrl).toBeNull();

  void fetch(`${old?.tagUrl}/orders`).catch(() => undefined);
  await expect.poll(() => bench.running('api-1')[0]?.requests.length).toBe(1);
  bench.running('api-1')[0]?.answer(200, 'from the old one');
});

test('traffic for a revision that did not start is refused by name, and all stays as it was', async () => {
  const bench = await opened(failsIn('api-2'));
  await bench.service.deploy();
  await bench.service.apply(v2);
  const traffic = [{ type: trafficTypes.revision, revision: 'api-2', percent: 100 }];
  await bench.service.apply({ ...v2, traffic });
  expect(shares(bench)).toEqual(['api-1 100']);
  expect(bench.service.state().problem).toEqual({
    reason: 'REVISION_FAILED',
    message: "Revision 'api-2' is not ready and cannot serve traffic.",
  });
});

test('the name of an earlier revision brings it back, unless it means something else now', async () => {
  const bench = await opened(works);
  await bench.service.deploy();
  await bench.service.apply(v2);
  const created = bench.told.filter((line) => line.endsWith('created')).length;
  await bench.service.apply(v1);
  expect(shares(bench)).toEqual(['api-1 100']);
  expect(bench.told.filter((line) => line.endsWith('created'))).toHaveLength(created);

  await bench.service.apply({ template: { ...v2.template, maxInstanceRequestConcurrency: 3 } });
  expect(bench.service.state().problem?.message).toBe(
    "Revision named 'api-2' with different configuration already exists.",
  );
  expect(shares(bench)).toEqual(['api-1 100']);
});

test('a health check that is disabled moves the traffic without a start', async () => {
  const bench = await opened(fails, { template: { ...v1.template, healthCheckDisabled: true } });
  expect(await bench.service.deploy()).toBeNull();
  expect(bench.instances).toEqual([]);
  expect(shares(bench)).toEqual(['api-1 100']);
});

test('a service that is stopped begins none of the changes that still wait', async () => {
  const bench = await opened(works);
  await bench.service.deploy();
  const stopped = bench.service.stopAll(500);
  const late = bench.service.apply(v2);
  await Promise.all([stopped, late]);
  expect(bench.running('api-2')).toEqual([]);
  expect(bench.instances.filter(({ isRunning }) => isRunning)).toEqual([]);
  expect(bench.instances[0]?.done).toContain('stop SHUTDOWN 500');
});

test('a deleted revision is stopped and gone', async () => {
  const bench = await opened(works);
  await bench.service.deploy();
  await bench.service.apply(v2);
  await bench.service.deleteRevision('api-1');
  expect(bench.running('api-1')).toEqual([]);
  expect(bench.service.state().revisions.map(({ name }) => name)).toEqual(['api-2']);
});

test('kill takes as many as it is told, ready ones first; hang and resume reach the instances', async () => {
  const scaling = { minInstanceCount: 4, maxInstanceCount: 4 };
  const bench = await opened(
    (instance) => {
      if (instance.reason === 'DEPLOYMENT_ROLLOUT') works(instance);
    },
    { template: { ...v1.template, scaling } },
  );
  const { service, instances } = bench;
  await service.deploy();
  expect(await service.turn({ knob: 'hang', count: 1 })).toMatch(/^hung i\d$/);
  expect(instances.filter(({ done }) => done.includes('hang'))).toHaveLength(1);
  expect(await service.turn({ knob: 'resume' })).toBe('resumed i1, i2, i3, i4');
  expect(await service.turn({ knob: 'kill', count: 3 })).toMatch(/^killed i\d, i\d, i\d$/);
  const [survivor] = bench.running('api-1');
  // Three more are starting: the one that is ready is killed before them.
  service.tick();
  expect(bench.running('api-1')).toHaveLength(4);
  expect(await service.turn({ knob: 'kill', count: 1 })).toBe(`killed ${survivor?.id}`);
  await service.turn({ knob: 'kill', count: 9 });
  expect(await service.turn({ knob: 'kill', count: 1 })).toBe('nothing killed: no instance is there');
});
