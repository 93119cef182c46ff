import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LossEvent } from '../../src/evidence/event.ts';
import { watchParts } from '../../src/run/watch-parts.ts';

const never = new Promise<string>(() => undefined);
const clock = { nowUs: (): number => performance.now() * 1000 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function watch(state: { frozen: boolean | null }, lost = never) {
  const losses: LossEvent[] = [];
  const parts = watchParts([{ of: 'emulator', frozen: () => state.frozen, lost }], clock, (loss) =>
    losses.push(loss),
  );
  return { parts, losses };
}

const lasted = ({ t_us, from_us }: LossEvent): number => Math.round((t_us - from_us) / 1000);

test('a part that stood still was lost from the last look before until it was seen at work again', () => {
  const state = { frozen: false };
  const { losses } = watch(state);
  vi.advanceTimersByTime(500);
  state.frozen = true;
  vi.advanceTimersByTime(2_000);
  expect(losses).toEqual([]);
  state.frozen = false;
  vi.advanceTimersByTime(500);
  expect(losses).toMatchObject([{ of: 'emulator', how: 'frozen' }]);
  expect(losses.map(lasted)).toEqual([2_100]);
});

test('a part that is gone is lost from the last look until the watch ends', async () => {
  const state: { frozen: boolean | null } = { frozen: false };
  const { parts, losses } = watch(state, Promise.resolve('killed'));
  vi.advanceTimersByTime(1_000);
  state.frozen = null;
  await Promise.resolve();
  vi.advanceTimersByTime(3_000);
  parts.stop();
  expect(losses).toMatchObject([{ how: 'gone', detail: 'killed' }]);
  expect(losses.map(lasted)).toEqual([3_000]);
});

test('a server that a fault ends and starts again is no loss', () => {
  const state: { frozen: boolean | null } = { frozen: null };
  const { parts, losses } = watch(state);
  vi.advanceTimersByTime(5_000);
  state.frozen = false;
  vi.advanceTimersByTime(500);
  parts.stop();
  expect(losses).toEqual([]);
});

test('a part that is not continued ends the run', async () => {
  const { parts } = watch({ frozen: true });
  vi.advanceTimersByTime(10_300);
  expect(await parts.stuck).toMatch(/the emulator has stood still for 10 s/);
});
