import { expect, test } from 'vitest';
import { runJsonSchema } from '../../src/evidence/record/run-file.ts';

test('the published schema of run.json is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(runJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../scenarios/schema/run.v1.json');
});
