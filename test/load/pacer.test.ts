import { describe, expect, it } from 'vitest';
import type { RunClock } from '../../src/base/clock.ts';
import { pace } from '../../src/load/pacer.ts';
import { cell, shareSchedule } from '../../src/load/shared.ts';

/** A clock that goes on by a step at every look; `onLook` sees the time before. */
function steppingClock(stepUs: number, onLook: (nowUs: number) => void): RunClock {
  let now = 0;
  return {
    originNs: 0n,
    nowUs: () => {
      onLook(now);
      now += stepUs;
      return now;
    },
  };
}

function scheduleOf(intendedUs: readonly number[], lanes: number): ReturnType<typeof shareSchedule> {
  const count = intendedUs.length;
  const indexes = new Uint16Array(count);
  return shareSchedule(
    { count, intendedUs: Float64Array.from(intendedUs), route: indexes, phase: indexes },
    lanes,
  );
}

describe('the pacer', () => {
  const intended = [0, 10, 20, 20, 20, 55, 90];

  it('publishes every arrival once its time has come, none earlier and none later than it looks', () => {
    const shared = scheduleOf(intended, 1);
    const looks: [number, number][] = [];
    const clock = steppingClock(7, (nowUs) => looks.push([nowUs, shared.cells[cell.due]!]));
    pace(shared, 1, 0, clock);
    // At each look, what the look before it saw as due has been published.
    for (const [nowUs, due] of looks.slice(1)) expect(due).toBe(intended.filter((at) => at <= nowUs).length);
    expect(shared.cells[cell.due]).toBe(intended.length);
  });

  it('counts from load start', () => {
    const shared = scheduleOf(intended, 1);
    let sentEarly = false;
    const clock = steppingClock(50, (nowUs) => (sentEarly ||= nowUs < 1000 && shared.cells[cell.due]! > 0));
    pace(shared, 1, 1000, clock);
    expect(sentEarly).toBe(false);
    expect(shared.cells[cell.due]).toBe(intended.length);
  });

  it('tells every lane its own share', () => {
    const shared = scheduleOf(intended, 3);
    pace(
      shared,
      3,
      0,
      steppingClock(7, () => undefined),
    );
    expect([...shared.cells.subarray(cell.due)]).toEqual([3, 2, 2]);
  });

  it('ends at once when load is to stop', () => {
    const shared = scheduleOf([0, 3_600_000_000], 1);
    Atomics.store(shared.cells, cell.stop, 1);
    pace(
      shared,
      1,
      0,
      steppingClock(7, () => undefined),
    );
    expect(shared.cells[cell.due]).toBe(0);
  });
});
