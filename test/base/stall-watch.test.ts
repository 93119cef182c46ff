import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeRunClock, type RunClock } from '../../src/base/clock.ts';
import { watchStalls } from '../../src/base/stall-watch.ts';

const clock = makeRunClock();

test('a process that went on was not stalled', async () => {
  const watch = watchStalls(frozen());
  await sleep(50);
  expect(watch.end()).toBe(0);
});

test('counts how long nothing else could run, also when it is asked right after that', async () => {
  const watch = watchStalls(clock);
  await sleep(30);
  block(300);
  expect(watch.end()).toBeGreaterThan(250_000);
});

test('adds up what came in pieces', async () => {
  const watch = watchStalls(clock);
  for (let count = 0; count < 3; count += 1) {
    block(150);
    await sleep(5);
  }
  expect(watch.end()).toBeGreaterThan(330_000);
});

function frozen(): Pick<RunClock, 'nowUs'> {
  return { nowUs: () => 0 };
}

function block(ms: number): void {
  const fromUs = clock.nowUs();
  while (clock.nowUs() - fromUs < 1000 * ms);
}
