import { expect, test } from 'vitest';
import { contractJsonSchema } from '../../src/contract/contract-file.ts';
import { undescribed } from '../support/undescribed.ts';

test('the published schema of the budget is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(contractJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../scenarios/schema/contract.v1.json');
});

test('every key of the budget has a description and an example', () => {
  expect(undescribed(contractJsonSchema())).toEqual([]);
});
