import { expect, test } from 'vitest';
import { summaryJsonSchema } from '../../../src/verdict/summary/summary.ts';
import { undescribed } from '../../support/undescribed.ts';
import { wrongExamples } from '../../support/wrong-examples.ts';

test('the published schema of summary.json is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(summaryJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../scenarios/schema/summary.v1.json');
});

test('every key of summary.json has a description and an example', () => {
  expect(undescribed(summaryJsonSchema())).toEqual([]);
});

test('every example of summary.json fits its own key', () => {
  expect(wrongExamples(summaryJsonSchema())).toEqual([]);
});
