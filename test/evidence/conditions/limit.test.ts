import { expect, test } from 'vitest';
import { limitOf } from '../../../src/evidence/conditions/limit.ts';
import { run } from '../given.ts';

const limits = { maxConnections: 200, superuserReserved: 3, reservedConnections: 7 };
const [api] = run.contract.services;

test.each([
  ['an amount', { kind: 'amount', amount: 40, unit: '' }, 40],
  ['half of the server', { kind: 'share', percent: 50, of: 'server' }, 100],
  ['half of the slots that roles can have', { kind: 'share', percent: 50, of: 'usable' }, 95],
  ['all that two services of 8 x 4 claim', { kind: 'share', percent: 100, of: 'claim' }, 64],
] as const)('a limit of %s', (_, threshold, limit) => {
  expect(limitOf(threshold, limits, [api, api])).toBe(limit);
});
