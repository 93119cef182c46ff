import { expect, test } from 'vitest';
import { onceMore } from '../../src/cli/exit-codes.ts';

test.each([
  ['a verdict alone', null, 1, 1],
  ['a FAIL that could not be printed', 1, 2, 1],
  ['a PASS that could not be printed', 0, 2, 2],
  ['a defect after the verdict', 1, 70, 70],
  ['a verdict after a defect', 70, 0, 70],
  ['words that could not be printed, then the verdict', 2, 1, 1],
  ['words that could not be printed, then a success', 2, 0, 2],
] as const)('%s: %s then %s exits %i', (_, decided, code, exit) => {
  expect(onceMore(decided, code)).toBe(exit);
});
