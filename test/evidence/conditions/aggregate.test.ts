import { describe, expect, test } from 'vitest';
import { aggregate } from '../../../src/evidence/conditions/aggregate.ts';
import type { Observation } from '../../../src/evidence/conditions/observe.ts';
import type { Condition } from '../../../src/scenario/conditions/condition.ts';

const second = 1_000_000;
const hit = (value: number, tUs = 0): Observation => ({ tUs, value, isHit: true });
const miss = (value: number, tUs = 0): Observation => ({ tUs, value, isHit: false });

function valueOf(
  how: Condition['aggregate'],
  metric: Condition['metric'],
  observations: readonly Observation[],
  lengthUs = 10 * second,
): number | null {
  return aggregate({ aggregate: how, metric }, observations, lengthUs);
}

describe('what is counted', () => {
  const seen = [hit(1), hit(1), hit(1), miss(1)];

  test('is the number of those with the tags, its rate per second, and its share in percent', () => {
    expect(valueOf('count', 'http.attempts', seen)).toBe(3);
    expect(valueOf('rate', 'http.attempts', seen, 2 * second)).toBe(1.5);
    expect(valueOf('ratio', 'http.attempts', seen)).toBe(75);
  });

  test('is zero where nothing happened, but a share of nothing is unknown', () => {
    expect(valueOf('count', 'http.attempts', [])).toBe(0);
    expect(valueOf('rate', 'http.attempts', [])).toBe(0);
    expect(valueOf('max', 'db.refused', [])).toBe(0);
    expect(valueOf('ratio', 'http.attempts', [])).toBeNull();
    expect(valueOf('ratio', 'http.attempts', [miss(1)])).toBe(0);
  });

  test('has no rate in no time', () => {
    expect(valueOf('rate', 'http.attempts', seen, 0)).toBeNull();
    expect(valueOf('rate', 'http.attempts', seen, 1)).toBe(3 * second);
  });

  test('is at its most in the fullest second, wherever that begins and in whatever order it was seen', () => {
    const at = (...timesUs: readonly number[]): readonly Observation[] => timesUs.map((tUs) => hit(1, tUs));
    expect(valueOf('max', 'db.refused', at(3.2e6, 0, 2.9e6, 3.8e6, 9e6))).toBe(3);
    expect(valueOf('max', 'db.refused', at(0, 999_999))).toBe(2);
    expect(valueOf('max', 'db.refused', at(0, 1_000_000))).toBe(1);
    expect(valueOf('max', 'db.refused', [...at(0), miss(1, 1)])).toBe(1);
  });
});

describe('what is measured', () => {
  const seen = [30, 4, 200, 6].map((value) => hit(value));

  test.each([
    ['min', 4],
    ['max', 200],
    ['avg', 60],
    ['p50', 6],
    ['p75', 30],
    ['p90', 200],
  ] as const)('%s of 4, 6, 30 and 200 is %d', (how, value) => {
    expect(valueOf(how, 'http.latency', seen)).toBe(value);
  });

  test('has a percentile that really occurred', () => {
    const many = Array.from({ length: 2500 }, (_, index) => hit(index + 1));
    expect(valueOf('p50', 'http.latency', many)).toBe(1250);
    expect(valueOf('p99', 'http.latency', many)).toBe(2475);
    expect(valueOf('p99.9', 'http.latency', many)).toBe(2498);
  });

  test('has no value where nothing was observed', () => {
    for (const how of ['min', 'max', 'avg', 'p99'] as const)
      expect(valueOf(how, 'http.latency', [miss(1)])).toBeNull();
  });
});

test('the 99.9th percentile of a thousand is the 999th, which 99.9 % do not exceed', () => {
  const seen = Array.from({ length: 1000 }, (_, index) => hit(index + 1));
  expect(valueOf('p99.9', 'http.latency', seen)).toBe(999);
  expect(valueOf('p99', 'http.latency', seen)).toBe(990);
  expect(valueOf('p50', 'http.latency', seen)).toBe(500);
});
