import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimerQueue } from '../../../src/load/lane/timer-queue.ts';
import { fakeTime, type FakeClock } from './scripted-lane.ts';

let clock: FakeClock;
let queue: TimerQueue;
let ran: [string, number][];
const note = (name: string) => () => void ran.push([name, clock.nowUs()]);

beforeEach(() => {
  clock = fakeTime();
  queue = new TimerQueue(clock);
  ran = [];
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a timer queue', () => {
  it('runs each timer at its time: at most a millisecond late, never early', async () => {
    queue.add(20_000, note('later'));
    queue.add(5300, note('sooner'));
    await vi.runAllTimersAsync();
    expect(ran).toEqual([
      ['sooner', 6000],
      ['later', 20_000],
    ]);
  });

  it('runs what is overdue with the next turn', async () => {
    await vi.advanceTimersByTimeAsync(50);
    queue.add(10_000, note('overdue'));
    expect(ran).toEqual([]);
    await vi.runAllTimersAsync();
    expect(ran).toEqual([['overdue', 51_000]]);
  });

  it('runs nothing that was cancelled, and still what comes after it', async () => {
    const timer = queue.add(5000, note('cancelled'));
    queue.add(9000, note('kept'));
    queue.cancel(timer);
    await vi.runAllTimersAsync();
    expect(ran).toEqual([['kept', 9000]]);
  });

  it('sets one system timer for all of them, and none once it is cleared', () => {
    for (let ms = 1; ms <= 100; ms += 1) queue.add(ms * 1000, note('never'));
    expect(vi.getTimerCount()).toBe(1);
    queue.clear();
    expect(vi.getTimerCount()).toBe(0);
    queue.add(200_000, note('after'));
    expect(vi.getTimerCount()).toBe(1);
  });

  it('waits longer than a system timer can', async () => {
    const days30Us = 30 * 86_400_000_000;
    queue.add(days30Us, note('next month'));
    await vi.runAllTimersAsync();
    expect(ran).toEqual([['next month', days30Us]]);
  });
});
