import { expect, test } from 'vitest';
import { StartupRecord } from '../../../src/platform/local/fleet/startup-record.ts';

const secondUs = 1_000_000;

/** How long the next start has to wait after this many failures in a row. */
function pauseSec(failures: number): number {
  const record = new StartupRecord();
  for (let nth = 0; nth < failures; nth += 1) record.failed(100 * secondUs);
  let second = 0;
  while (record.holdsBack((100 + second) * secondUs)) second += 1;
  return second;
}

test('the pause after a failed start doubles, up to a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 40].map(pauseSec)).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('a start that works ends the pauses', () => {
  const record = new StartupRecord();
  for (let nth = 0; nth < 5; nth += 1) record.failed(0);
  record.succeeded(500_000);
  expect(record.holdsBack(1)).toBe(false);
  record.failed(secondUs);
  expect(record.holdsBack(1.9 * secondUs)).toBe(true);
  expect(record.holdsBack(2 * secondUs)).toBe(false);
});

test('the average startup is unknown at first, then the newest counts three tenths', () => {
  const record = new StartupRecord();
  expect(record.averageUs).toBeNull();
  record.failed(0);
  expect(record.averageUs).toBeNull();
  record.succeeded(2 * secondUs);
  expect(record.averageUs).toBe(2 * secondUs);
  record.succeeded(4 * secondUs);
  expect(record.averageUs).toBeCloseTo(2.6 * secondUs, 0);
});

test('starts fail since a moment only if the last failure came after it and no success after that', () => {
  const record = new StartupRecord();
  expect(record.failingSince(-Infinity)).toBe(false);
  record.failed(10 * secondUs);
  expect(record.failingSince(10 * secondUs)).toBe(true);
  expect(record.failingSince(10 * secondUs + 1)).toBe(false);
  record.succeeded(1);
  expect(record.failingSince(0)).toBe(false);
});
