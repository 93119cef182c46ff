import { expect, test } from 'vitest';
import { runJsonSchema } from '../../src/evidence/record/run-file.ts';
import { undescribed } from '../support/undescribed.ts';
import { wrongExamples } from '../support/wrong-examples.ts';

test('the published schema of run.json is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(runJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../scenarios/schema/run.v1.json');
});

test('every key of run.json has a description and an example', () => {
  expect(undescribed(runJsonSchema())).toEqual([]);
});

test('every example of run.json fits its own key', () => {
  expect(wrongExamples(runJsonSchema())).toEqual([]);
});
