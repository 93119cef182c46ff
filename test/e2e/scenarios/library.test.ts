import { run } from 'poolproof';
import { expect, test } from 'vitest';
import { freshFolder } from '../../support/cli.ts';

// As README has it.
test('a shipped scenario keeps its promise in three lines', { timeout: 300_000, retry: 2 }, async () => {
  const { summary } = await run('scenarios/burst.yaml', { out: await freshFolder() });
  expect(summary.verdict, summary.headline).toBe('PASS');
});
