import { describe, expect, it } from 'vitest';
import { makeRunClock, type RunClock } from '../../../src/base/clock.ts';
import { sharingOf } from '../../../src/load/lane/lanes.ts';
import { pace } from '../../../src/load/pacer/pacer.ts';
import { cell, shareSchedule } from '../../../src/load/lane/shared.ts';

/** A clock that goes on by a step at every look; `onLook` sees the time before. */
function steppingClock(stepUs: number, onLook: (nowUs: number) => void = () => undefined): RunClock {
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

const alone = sharingOf(1, 1, false, 7);

describe('the pacer', () => {
  const intended = [0, 1000, 2000, 2000, 2000, 5500, 9000];

  it('publishes every arrival once its time has come, none earlier and none later than it looks', () => {
    const shared = scheduleOf(intended, 1);
    const looks: [number, number][] = [];
    const clock = steppingClock(700, (nowUs) => looks.push([nowUs, shared.cells[cell.due]!]));
    pace(shared, alone, 0, clock);
    // At each look, what the look before it saw as due has been published.
    for (const [nowUs, due] of looks.slice(1)) expect(due).toBe(intended.filter((at) => at <= nowUs).length);
    expect(shared.cells[cell.due]).toBe(intended.length);
  });

  it('counts from load start', () => {
    const shared = scheduleOf(intended, 1);
    let sentEarly = false;
    const clock = steppingClock(
      500,
      (nowUs) => (sentEarly ||= nowUs < 10_000 && shared.cells[cell.due]! > 0),
    );
    pace(shared, alone, 10_000, clock);
    expect(sentEarly).toBe(false);
    expect(shared.cells[cell.due]).toBe(intended.length);
  });

  it('publishes ahead by what waking takes', () => {
    const shared = scheduleOf(intended, 1);
    Atomics.store(shared.cells, cell.aheadUs, 60);
    const looks: [number, number][] = [];
    const clock = steppingClock(20, (nowUs) => looks.push([nowUs, shared.cells[cell.due]!]));
    pace(shared, alone, 0, clock);
    const seen = looks.find(([, due]) => due >= 2)?.[0] ?? Infinity;
    expect(seen).toBeGreaterThanOrEqual(940);
    expect(seen).toBeLessThan(1000);
  });

  it('wakes a lane for arrivals of its own, and all of them at the end', () => {
    const shared = scheduleOf([0, 1000, 2000], 3);
    const seen = new Set<string>();
    const clock = steppingClock(300, () => seen.add([...shared.cells.subarray(cell.due)].join()));
    pace(shared, sharingOf(3, 1, false, 7), 0, clock);
    expect([...seen]).toEqual(['0,0,0', '1,0,0', '1,2,0']);
    expect([...shared.cells.subarray(cell.due)]).toEqual([3, 3, 3]);
  });

  it('sleeps until something is due, and does not keep a core busy meanwhile', () => {
    const shared = scheduleOf([0, 30_000, 60_000], 1);
    const real = makeRunClock();
    let looks = 0;
    const clock = { ...real, nowUs: () => ((looks += 1), real.nowUs()) };
    pace(shared, alone, 0, clock);
    expect(real.nowUs()).toBeGreaterThanOrEqual(60_000);
    expect(looks).toBeLessThan(100);
  });

  it('ends at once when load is to stop', () => {
    const shared = scheduleOf([0, 3_600_000_000], 1);
    Atomics.store(shared.cells, cell.stop, 1);
    pace(shared, alone, 0, steppingClock(7));
    expect(shared.cells[cell.due]).toBe(0);
  });
});
