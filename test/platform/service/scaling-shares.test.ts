import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  resolveScaling,
  sharesOf,
  type RevisionScaling,
} from '../../../src/platform/local/service/scaling-shares.ts';

const automatic = { minInstances: 0, maxInstances: null, manualInstances: null };
const revision = (name: string, percent: number, more: Partial<RevisionScaling> = {}): RevisionScaling => ({
  name,
  percent,
  minInstances: 0,
  maxInstances: 100,
  tagged: false,
  ...more,
});
const bounds = (...given: Parameters<typeof resolveScaling>): readonly (readonly [number, number])[] =>
  [...resolveScaling(...given).values()].map(
    ({ minInstances, maxInstances }) => [minInstances, maxInstances] as const,
  );

test.each([
  // total, percents -> shares, as documented
  [10, [60, 40], [6, 4]],
  [3, [50, 50], [2, 1]],
  [100, [10, 10, 80], [10, 10, 80]],
  [0, [50, 50], [0, 0]],
  [5, [0, 100], [0, 5]],
])('%i instances at %j are %j', (total, percents, shares) => {
  expect(sharesOf(total, percents)).toEqual(shares);
});

test('a revision is held to its share although the service is below its maximum', () => {
  const service = { ...automatic, maxInstances: 10 };
  expect(bounds(service, [revision('a', 10), revision('b', 90)])).toEqual([
    [0, 1],
    [0, 9],
  ]);
});

test('the smaller of both maxima and the larger of both minima hold, the minimum never above the maximum', () => {
  const service = { ...automatic, minInstances: 6, maxInstances: 20 };
  expect(bounds(service, [revision('a', 100, { minInstances: 2, maxInstances: 4 })])).toEqual([[4, 4]]);
  expect(bounds(service, [revision('a', 100, { minInstances: 8, maxInstances: 50 })])).toEqual([[8, 20]]);
});

test('a revision without traffic keeps its own minimum only under a tag, and never one of the service', () => {
  const service = { ...automatic, minInstances: 5 };
  const old = revision('old', 0, { minInstances: 3 });
  expect(bounds(service, [old, revision('new', 100)])[0]).toEqual([0, 100]);
  expect(bounds(service, [{ ...old, tagged: true }, revision('new', 100)])[0]).toEqual([3, 100]);
});

test('with manual scaling the count is exact, whatever revisions say', () => {
  const service = { minInstances: 1, maxInstances: 2, manualInstances: 7 };
  expect(bounds(service, [revision('a', 50, { maxInstances: 1 }), revision('b', 50)])).toEqual([
    [4, 4],
    [3, 3],
  ]);
  expect(bounds({ ...service, manualInstances: 0 }, [revision('a', 100)])).toEqual([[0, 0]]);
});

test('shares of whole percents add up to the whole, and none is off by one or more', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }), (total, percents) => {
      const sum = percents.reduce((all, percent) => all + percent, 0);
      const shares = sharesOf(total, percents);
      expect(shares.reduce((all, share) => all + share, 0)).toBe(sum === 0 ? 0 : total);
      for (const [index, share] of shares.entries())
        expect(Math.abs(share - (total * (percents[index] ?? 0)) / (sum || 1))).toBeLessThan(1);
    }),
  );
});
