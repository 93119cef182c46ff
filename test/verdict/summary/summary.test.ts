import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { summaryJsonSchema } from '../../../src/verdict/summary/summary.ts';

test('the published schema of summary.json is the one in the code', () => {
  const published = readFileSync(
    new URL('../../../scenarios/schema/summary.v1.json', import.meta.url),
    'utf8',
  );
  expect(JSON.parse(published)).toEqual(summaryJsonSchema());
});
