import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchTurns } from '../../src/base/turn-watch.ts';

test('bytes of the first turn after a rest have waited since that turn began', async () => {
  let us = 10_000;
  const turns = watchTurns(() => us);
  expect(turns.waitedUs()).toBe(0);
  us += 300;
  expect(turns.waitedUs()).toBe(300);
  await nextTurn();
  us += 5_000;
  expect(turns.waitedUs()).toBe(0);
});

test('without a rest they may have come at the beginning of the turn before', async () => {
  let us = 10_000;
  const turns = watchTurns(() => us);
  turns.waitedUs();
  us += 80_000;
  await nextTurn();
  us += 100;
  expect(turns.waitedUs()).toBe(80_100);
  us += 40_000;
  expect(turns.waitedUs()).toBe(120_100);
});
