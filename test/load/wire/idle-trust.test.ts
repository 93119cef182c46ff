import { expect, it } from 'vitest';
import { idleTrustUs } from '../../../src/load/wire/idle-trust.ts';

it.each([
  [undefined, 4],
  ['timeout=5', 4],
  ['timeout=620', 4],
  ['timeout=3, max=100', 2],
  ['max=100, Timeout = "3"', 2],
  ['timeout=1', 0],
  ['timeout=0', 0],
  ['max=100', 4],
  ['notimeout=2', 4],
  [['max=5', 'timeout=2'], 1],
])('an idle connection whose server said %j is trusted for %i s', (keepAlive, seconds) => {
  expect(idleTrustUs(keepAlive)).toBe(seconds * 1e6);
});
