import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoadMeter } from '../../../src/platform/local/knative/load-meter.ts';
import type { Metric } from '../../../src/platform/local/knative/target.ts';

const secondUs = 1_000_000;
const asked = { activator: false, instances: true };
const proxied = { activator: true, instances: false };

function meter(metric: Metric = 'concurrency') {
  const records: [number, number][] = [];
  return { records, meter: new LoadMeter(0, metric, 60_000, (atUs, load) => records.push([atUs, load])) };
}

test('a second is told as its time-weighted average', () => {
  const { meter: of, records } = meter();
  of.change(0, 4, asked);
  of.change(250_000, 0, asked);
  of.change(secondUs, 0, asked);
  expect(records).toEqual([[secondUs, 1]]);
});

test('the activator tells of the first request at once, and takes it off its second', () => {
  const { meter: of, records } = meter();
  of.change(400_000, 1, proxied);
  expect(records).toEqual([[400_000, 1]]);
  of.change(700_000, 3, proxied);
  of.change(secondUs, 3, proxied);
  // 1 for 0.3 s and 3 for 0.3 s make 2 on average since the first came, of which one is told already.
  expect(records[1]?.[1]).toBeCloseTo(1, 9);
});

test('the activator tells of silence once, instances that are asked every second', () => {
  const { meter: alone, records: once } = meter();
  alone.change(0, 1, proxied);
  alone.change(secondUs, 0, proxied);
  alone.change(5 * secondUs, 0, proxied);
  expect(once).toEqual([
    [0, 1],
    [secondUs, 0],
    [2 * secondUs, 0],
  ]);
  const { meter: idle, records: zeros } = meter();
  idle.change(3 * secondUs, 0, asked);
  expect(zeros.map(([, value]) => value)).toEqual([0, 0, 0]);
});

test('requests per second are the rises: one that hands its place on is not a new one', () => {
  const { meter: of, records } = meter('rps');
  for (const level of [1, 2, 3, 2, 3, 2, 1]) of.change(100_000, level, asked);
  of.change(secondUs, 1, asked);
  expect(records).toEqual([[secondUs, 4]]);
});

test('after a gap it tells what a window has place for, and no more', () => {
  const { meter: of, records } = meter();
  of.change(0, 2, asked);
  of.change(86_400 * secondUs, 0, asked);
  expect(records.length).toBeLessThanOrEqual(62);
  expect(records.every(([, value]) => value === 2)).toBe(true);
});

test('over whole seconds, what is told sums up to the time that requests were in flight', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 900_000 }), fc.integer({ min: 0, max: 20 })), {
        maxLength: 60,
      }),
      (changes) => {
        const { meter: of, records } = meter();
        let [nowUs, level, area] = [0, 0, 0];
        for (const [stepUs, next] of changes) {
          area += (level * stepUs) / secondUs;
          nowUs += stepUs;
          level = next;
          of.change(nowUs, level, asked);
        }
        const endUs = (Math.floor(nowUs / secondUs) + 1) * secondUs;
        of.change(endUs, 0, asked);
        area += (level * (endUs - nowUs)) / secondUs;
        expect(records.reduce((sum, [, value]) => sum + value, 0)).toBeCloseTo(area, 6);
      },
    ),
  );
});
