import { expect, test } from 'vitest';
import { startChaos, type RunningChaos } from '../../src/chaos/start-chaos.ts';
import type { FaultEvent } from '../../src/evidence/event.ts';
import type { Fault } from '../../src/scenario/chaos/faults.ts';
import type { ChaosStep } from '../../src/scenario/chaos/chaos-step.ts';
import { ManualTime } from './manual-wait.ts';
import { MemoryTarget } from './memory-target.ts';
import { withoutDatabase } from './without-database.ts';

const second = 1_000_000;

function step(id: string, atSec: number, forSec: number | null, fault: Fault): ChaosStep {
  return { id, atUs: atSec * second, forUs: forSec === null ? null : forSec * second, service: 'api', fault };
}

interface Started {
  readonly chaos: RunningChaos;
  readonly target: MemoryTarget;
  readonly time: ManualTime;
  readonly events: FaultEvent[];
  readonly abort: AbortController;
  readonly log: () => readonly string[];
}

/** Load starts at the tenth second of the run. */
function start(steps: readonly ChaosStep[], target = new MemoryTarget()): Started {
  const time = new ManualTime();
  const events: FaultEvent[] = [];
  const abort = new AbortController();
  const chaos = startChaos({
    ...withoutDatabase(),
    steps,
    target,
    clock: time,
    loadStartUs: 10 * second,
    onEvent: (event) => events.push(event),
    signal: abort.signal,
    wait: time.wait,
  });
  const log = (): readonly string[] => events.map(({ t_us, id, state }) => `${t_us / second} ${id} ${state}`);
  return { chaos, target, time, events, abort, log };
}

test('a step begins at its time, is undone at its end, and nothing happens in between', async () => {
  const { chaos, target, time, log } = start([step('reject', 3, 5, { kind: 'platform.reject' })]);
  await time.advance(12_999);
  expect(target.knobs).toEqual([]);
  await time.advance(1);
  expect(target.knobs).toEqual([{ knob: 'reject', on: true }]);
  await time.advance(4_999);
  expect(target.knobs).toHaveLength(1);
  await time.advance(1);
  expect(target.knobs.at(-1)).toEqual({ knob: 'reject', on: false });
  await chaos.finished;
  expect(log()).toEqual(['13 reject started', '18 reject undone']);
  expect(await chaos.stop()).toEqual([]);
});

test('a slow step holds no other up', async () => {
  const target = new MemoryTarget();
  let serve: (() => void) | undefined;
  target.deploy = () =>
    new Promise((resolve) => {
      serve = () => resolve({ revision: 'api-2' });
    });
  const { time, log } = start(
    [
      step('rollout', 0, null, { kind: 'revision.deploy', env: {} }),
      step('kill', 1, null, { kind: 'instance.kill', count: 2 }),
    ],
    target,
  );
  await time.advance(15_000);
  expect(log()).toEqual(['11 kill started']);
  serve?.();
  await time.advance(0);
  expect(log()).toContain('10 rollout started');
});

test('a step that fails is told, and the others go on', async () => {
  const target = new MemoryTarget();
  target.broken.add('kill');
  const { chaos, time, events } = start(
    [
      step('kill', 0, null, { kind: 'instance.kill', count: 1 }),
      step('reject', 1, 1, { kind: 'platform.reject' }),
    ],
    target,
  );
  await time.advance(20_000);
  await chaos.finished;
  expect(events.map(({ id, state }) => [id, state])).toEqual([
    ['kill', 'failed'],
    ['reject', 'started'],
    ['reject', 'undone'],
  ]);
  expect(events[0]?.detail).toBe('instance.kill: kill is broken');
});

test('a fault is confirmed by what the run recorded after it, not by what was there before', async () => {
  const target = new MemoryTarget();
  const killed = (t_us: number) => ({
    t_us,
    kind: 'instance' as const,
    service: 'api',
    revision: 'api-1',
    instance: 'i1',
    state: 'stopped' as const,
    reason: 'KILLED',
    signal: 'SIGKILL',
  });
  target.events.push(killed(5 * second));
  const { time, log } = start([step('kill', 0, null, { kind: 'instance.kill', count: 1 })], target);
  await time.advance(11_000);
  expect(log()).toEqual(['10 kill started']);
  target.events.push(killed(11 * second));
  await time.advance(1_000);
  expect(log()).toEqual(['10 kill started', expect.stringMatching(/^11(\.\d+)? kill confirmed$/)]);
});

test('what is never seen is never confirmed, and the step ends at its time all the same', async () => {
  const { chaos, time, log } = start([step('slow', 0, 2, { kind: 'platform.slow_start', delayMs: 100 })]);
  await time.advance(20_000);
  await chaos.finished;
  expect(log()).toEqual(['10 slow started', '12 slow undone']);
});

test('stop undoes what is in force, the newest first, and begins nothing more', async () => {
  const { chaos, target, time, events } = start([
    step('first', 0, null, { kind: 'service.scale', maxInstances: 2 }),
    step('second', 1, 60, { kind: 'platform.reject' }),
    step('never', 30, null, { kind: 'instance.kill', count: 1 }),
  ]);
  await time.advance(15_000);
  expect(target.parts.scaling).toEqual({ max: 2 });
  expect(await chaos.stop()).toEqual([]);
  await chaos.finished;
  expect(events.filter(({ state }) => state === 'undone').map(({ id }) => id)).toEqual(['second', 'first']);
  expect(target.parts.scaling).toEqual({ max: 8 });
  await time.advance(60_000);
  expect(target.knobs.map(({ knob }) => knob)).not.toContain('kill');
});

test('on a disposable target, what was meant to stay stays; what was meant to end is undone', async () => {
  const target = new MemoryTarget();
  target.disposable = true;
  const { chaos, time, events } = start(
    [
      step('stays', 0, null, { kind: 'service.scale', maxInstances: 2 }),
      step('ends', 1, 60, { kind: 'platform.reject' }),
    ],
    target,
  );
  await time.advance(15_000);
  await chaos.stop();
  expect(events.filter(({ state }) => state === 'undone').map(({ id }) => id)).toEqual(['ends']);
  expect(target.parts.scaling).toEqual({ max: 2 });
});

test('what can not be undone is said, and the rest is undone', async () => {
  const target = new MemoryTarget();
  target.broken.add('restore');
  const { chaos, time, events } = start(
    [
      step('reject', 0, null, { kind: 'platform.reject' }),
      step('scale', 1, null, { kind: 'service.scale', maxInstances: 2 }),
    ],
    target,
  );
  await time.advance(15_000);
  expect(await chaos.stop()).toEqual(['service.scale of api (scale) was not undone: restore is broken']);
  expect(events.filter(({ state }) => state === 'undone').map(({ id }) => id)).toEqual(['reject']);
});

test('what the journal still holds at the end is said to be changed', async () => {
  const { chaos, time } = start([
    step('exec', 0, null, { kind: 'exec', command: ['true'], undo: ['false'], timeoutMs: 5000 }),
  ]);
  await time.advance(10_000);
  const left = [
    'exec of api (exec) was not undone: false: exit code 1',
    'still changed: whatever true has done',
  ];
  expect(await chaos.stop()).toEqual(left);
  expect(await chaos.stop()).toEqual(left);
});

test('an interrupted run begins no further step and leaves the undoing to stop', async () => {
  const { chaos, target, time, abort } = start([
    step('reject', 0, 60, { kind: 'platform.reject' }),
    step('kill', 5, null, { kind: 'instance.kill', count: 1 }),
  ]);
  await time.advance(11_000);
  abort.abort();
  await chaos.finished;
  expect(target.knobs).toEqual([{ knob: 'reject', on: true }]);
  expect(await chaos.stop()).toEqual([]);
  expect(target.knobs.at(-1)).toEqual({ knob: 'reject', on: false });
});
