import { expect, test } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/scenario-file.ts';

test('the published schema of scenarios is the one in the code (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../scenarios/schema/scenario.v1.json');
});
