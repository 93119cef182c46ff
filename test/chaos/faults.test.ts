import { expect, test } from 'vitest';
import { applyFault } from '../../src/chaos/faults/faults.ts';
import { sharesOf } from '../../src/chaos/faults/revision-traffic.ts';
import type { Applied } from '../../src/chaos/fault-action.ts';
import type { RunEvent } from '../../src/evidence/event.ts';
import type { Fault } from '../../src/scenario/chaos/faults.ts';
import { MemoryTarget } from './memory-target.ts';
import { withoutDatabase } from './without-database.ts';

const apply = (fault: Fault, target: MemoryTarget): Promise<Applied> =>
  applyFault(fault, { ...withoutDatabase(), target, step: '1', service: 'api', forMs: null, sinceUs: 100 });

const instance = (more: Partial<Extract<RunEvent, { kind: 'instance' }>>): RunEvent => ({
  t_us: 200,
  kind: 'instance',
  service: 'api',
  revision: 'api-1',
  instance: 'i1',
  state: 'stopped',
  reason: 'x',
  ...more,
});

const refusal = (status: number, waited_us: number): RunEvent => ({
  t_us: 200,
  kind: 'platform',
  service: 'api',
  status,
  reason: 'no_instance',
  waited_us,
});

test('a deployment is seen in the routes, and undone by putting template and traffic back', async () => {
  const target = new MemoryTarget();
  const before = target.parts;
  const { detail, confirm, undo } = await apply(
    { kind: 'revision.deploy', env: { DB_POOL_MAX: '8' }, maxInstances: 4 },
    target,
  );
  expect(detail).toBe('revision.deploy: api-2 serves (DB_POOL_MAX set, max 4)');
  expect(await confirm?.()).toBe('api-2 has 100 % of the traffic and 1 instances');
  await undo?.();
  expect(target.parts).toEqual(before);
});

test('what a failed deployment left behind is put back where it would outlive the run', async () => {
  for (const disposable of [false, true]) {
    const target = new MemoryTarget();
    target.disposable = disposable;
    const before = target.parts;
    target.deploy = () => {
      target.parts = { ...target.parts, template: { env: { FAIL: '1' } } };
      return Promise.reject(new Error('not ready'));
    };
    await expect(apply({ kind: 'revision.deploy', env: {} }, target)).rejects.toThrow('not ready');
    expect(target.parts === before || target.parts.template.env === undefined).toBe(!disposable);
  }
});

test('previous is the newest ready revision before the latest', () => {
  const revision = (name: string, ready: boolean) => ({
    name,
    ready,
    minInstances: 0,
    maxInstances: 8,
    instances: null,
  });
  const sight = {
    latestReady: 'api-3',
    traffic: [],
    revisions: [
      revision('api-4', false),
      revision('api-3', true),
      revision('api-2', false),
      revision('api-1', true),
    ],
  };
  expect(sharesOf({ latest: 60, previous: 40 }, sight)).toEqual([
    { revision: null, percent: 60 },
    { revision: 'api-1', percent: 40 },
  ]);
  expect(() => sharesOf({ previous: 100 }, { ...sight, latestReady: 'api-1' })).toThrow(
    'no previous revision',
  );
});

test('a traffic shift is confirmed only once it is routed so', async () => {
  const target = new MemoryTarget();
  await target.deploy('api', {});
  const { confirm, undo } = await apply(
    { kind: 'revision.traffic', percent: { latest: 90, previous: 10 } },
    target,
  );
  expect(await confirm?.()).toBe('routed: 90 % api-2, 10 % api-1');
  await target.traffic('api', [{ revision: null, percent: 100 }]);
  expect(await confirm?.()).toBeNull();
  await undo?.();
  expect(target.parts.traffic).toEqual([{ revision: null, percent: 100 }]);
});

test('scaling is confirmed by what it resolved to', async () => {
  const target = new MemoryTarget();
  const { confirm } = await apply({ kind: 'service.scale', minInstances: 2, maxInstances: 3 }, target);
  expect(await confirm?.()).toBe('scaling has resolved to min 2, max 3');
  target.parts = { ...target.parts, scaling: { min: 2, max: 8 } };
  expect(await confirm?.()).toBeNull();
});

test('each knob is turned back to where it was', async () => {
  const pairs: readonly (readonly [Fault, object | null])[] = [
    [{ kind: 'instance.kill', count: 2 }, null],
    [{ kind: 'instance.hang', count: 1 }, { knob: 'resume' }],
    [
      { kind: 'platform.over_max', factor: 2 },
      { knob: 'over_max', factor: 1 },
    ],
    [
      { kind: 'platform.slow_start', delayMs: 500 },
      { knob: 'slow_start', delayMs: 0 },
    ],
    [{ kind: 'platform.fail_start' }, { knob: 'fail_start', on: false }],
    [{ kind: 'platform.reject' }, { knob: 'reject', on: false }],
  ];
  for (const [fault, back] of pairs) {
    const target = new MemoryTarget();
    const { undo } = await apply(fault, target);
    expect(target.knobs).toHaveLength(1);
    await undo?.();
    expect(target.knobs[1] ?? null).toEqual(back);
  }
});

test('a fault is confirmed by its own trace alone', async () => {
  const traces: readonly (readonly [Fault, RunEvent, RunEvent])[] = [
    [{ kind: 'instance.kill', count: 1 }, instance({ signal: 'SIGTERM' }), instance({ signal: 'SIGKILL' })],
    [{ kind: 'instance.hang', count: 1 }, refusal(429, 10), refusal(504, 1e7)],
    [
      { kind: 'platform.slow_start', delayMs: 1 },
      instance({ state: 'ready', startup_us: 5000 }),
      instance({ state: 'ready', startup_us: 1500, t_us: 9000 }),
    ],
    [{ kind: 'platform.fail_start' }, instance({}), instance({ state: 'failed' })],
    [{ kind: 'platform.reject' }, refusal(429, 1e7), refusal(429, 10)],
  ];
  for (const [fault, other, own] of traces) {
    const target = new MemoryTarget();
    const { confirm } = await apply(fault, target);
    target.events.push(other);
    expect(await confirm?.()).toBeNull();
    target.events.push(own);
    expect(await confirm?.()).toEqual(expect.any(String));
  }
});

test('exceeding the maximum is confirmed by counting instances', async () => {
  const target = new MemoryTarget();
  const { confirm } = await apply({ kind: 'platform.over_max', factor: 2 }, target);
  expect(await confirm?.()).toBeNull();
  target.parts = { ...target.parts, scaling: { max: 0 } };
  expect(await confirm?.()).toBe('api-1 has 1 instances with max 0');
});
