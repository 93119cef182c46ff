import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashString, makeRandom, randomAt } from '../../src/base/random.ts';

const draws = (random: () => number, count: number) => Array.from({ length: count }, random);

test('the same seed and stream give the same numbers', () => {
  expect(draws(makeRandom(42, 'schedule'), 50)).toEqual(draws(makeRandom(42, 'schedule'), 50));
});

test('another seed or another stream gives other numbers', () => {
  const first = draws(makeRandom(42, 'schedule'), 5);
  expect(draws(makeRandom(43, 'schedule'), 5)).not.toEqual(first);
  expect(draws(makeRandom(42, 'payload'), 5)).not.toEqual(first);
});

test('numbers lie in [0, 1)', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), (seed, stream) => {
      for (const draw of draws(makeRandom(seed, stream), 20)) {
        expect(draw).toBeGreaterThanOrEqual(0);
        expect(draw).toBeLessThan(1);
      }
    }),
  );
});

test('the first numbers of neighbouring small seeds are spread, not alike', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => makeRandom(seed, 'schedule')());
  const mean = firsts.reduce((total, first) => total + first, 0) / firsts.length;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
  const buckets = new Set(firsts.map((first) => Math.floor(first * 20)));
  expect(buckets.size).toBe(20);
});

test('a number by index does not depend on what was drawn before, and is spread', () => {
  const key = hashString('42/payload');
  const values = Array.from({ length: 2000 }, (_, index) => randomAt(key, index, 0));
  expect(randomAt(key, 1999, 0)).toBe(values[1999]);
  expect(new Set(values).size).toBe(2000);
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
  expect(randomAt(key, 5, 1)).not.toBe(randomAt(key, 5, 0));
});
