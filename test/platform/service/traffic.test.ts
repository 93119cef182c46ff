import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  drawRevision,
  percentByRevision,
  resolveTraffic,
} from '../../../src/platform/local/service/traffic.ts';

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const pinned = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
const all = (): boolean => true;

test('a service that says nothing sends everything to its newest ready revision', () => {
  expect(resolveTraffic([], 'api-00002', all)).toEqual([
    { revision: 'api-00002', percent: 100, tag: null, latest: true },
  ]);
});

test('before anything is ready, nobody is reached', () => {
  expect(resolveTraffic([], null, all)).toEqual([]);
});

test('a pinned split stays where it is when a newer revision comes', () => {
  const split = [
    { type: pinned, revision: 'projects/p/locations/l/services/api/revisions/api-00001', percent: 90 },
    { type: latest, percent: 10, tag: 'canary' },
  ];
  expect(resolveTraffic(split, 'api-00003', all)).toEqual([
    { revision: 'api-00001', percent: 90, tag: null, latest: false },
    { revision: 'api-00003', percent: 10, tag: 'canary', latest: true },
  ]);
});

test('a line for a revision that is not ready reaches nobody, the others go on', () => {
  const split = [
    { type: pinned, revision: 'broken', percent: 50 },
    { type: pinned, revision: 'good', percent: 50 },
  ];
  const routes = resolveTraffic(split, 'good', (name) => name === 'good');
  expect(routes.map(({ revision }) => revision)).toEqual(['good']);
  expect(drawRevision(percentByRevision(routes), 0.999)).toBe('good');
});

test('several lines of one revision add up', () => {
  const routes = resolveTraffic(
    [
      { type: latest, percent: 30 },
      { type: pinned, revision: 'a', percent: 70 },
    ],
    'a',
    all,
  );
  expect([...percentByRevision(routes)]).toEqual([['a', 100]]);
});

test('over evenly spread draws every revision gets its percent, and one at 0 % never', () => {
  const draws = 10_000;
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 5 }), (given) => {
      const percents = new Map(given.map((percent, index) => [`r${index}`, percent]));
      const sum = given.reduce((total, percent) => total + percent, 0);
      const counts = new Map<string | null, number>();
      for (let drawn = 0; drawn < draws; drawn += 1) {
        const revision = drawRevision(percents, (drawn + 0.5) / draws);
        counts.set(revision, (counts.get(revision) ?? 0) + 1);
      }
      if (sum === 0) expect([...counts.keys()]).toEqual([null]);
      for (const [name, percent] of percents) {
        const expected = sum === 0 ? 0 : (percent / sum) * draws;
        expect(Math.abs((counts.get(name) ?? 0) - expected)).toBeLessThanOrEqual(2);
        if (percent === 0) expect(counts.has(name)).toBe(false);
      }
    }),
    { numRuns: 30 },
  );
});
