import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeRunClock, type RunClock } from '../../src/base/clock.ts';
import { watchStalls, type Stall } from '../../src/base/stall-watch.ts';

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

test('tells when each began and ended', async () => {
  const stalls: Stall[] = [];
  const beginUs = clock.nowUs();
  const watch = watchStalls(clock, (stall) => stalls.push(stall));
  block(150);
  await sleep(30);
  watch.end();
  const [first] = stalls;
  expect(stalls).toHaveLength(1);
  expect(first?.fromUs).toBeGreaterThanOrEqual(beginUs);
  expect((first?.toUs ?? 0) - (first?.fromUs ?? 0)).toBeGreaterThan(100_000);
  expect(first?.toUs).toBeLessThanOrEqual(clock.nowUs());
});

function frozen(): Pick<RunClock, 'nowUs'> {
  return { nowUs: () => 0 };
}

function block(ms: number): void {
  const fromUs = clock.nowUs();
  while (clock.nowUs() - fromUs < 1000 * ms);
}
