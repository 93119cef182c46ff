import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEvidence } from '../src/evidence/read-evidence.ts';
import { judge } from '../src/verdict/judge.ts';
import { storedRunNames, storedRuns, unpackRun } from './support/stored-run.ts';

/*
 * Real runs of the shipped scenarios, judged again. What they must come to is written by hand in expected.json; every
 * other number stands in the summary.json beside each recording, which `vitest -u` writes anew.
 */

interface Expected {
  readonly verdict: string;
  /** The bounds that are broken. */
  readonly failing: readonly string[];
  readonly first_diagnosis: string | null;
}

const expected = JSON.parse(readFileSync(join(storedRuns, 'expected.json'), 'utf8')) as Record<
  string,
  Expected
>;

it('there is a stored run of every shipped scenario', () => {
  const scenarios = readdirSync('scenarios')
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('budget'))
    .map((name) => name.replace('.yaml', ''));
  expect(storedRunNames).toEqual(scenarios.sort());
  expect(Object.keys(expected).sort()).toEqual(scenarios);
});

it.each(storedRunNames)('the stored run of %s comes to its verdict, to the byte', async (name) => {
  const evidence = await readEvidence(unpackRun(name));
  expect(evidence.gaps).toEqual([]);
  const summary = judge(evidence);
  expect({
    verdict: summary.verdict,
    failing: summary.bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id),
    first_diagnosis: summary.diagnosis[0]?.id ?? null,
  }).toEqual(expected[name]);
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(storedRuns, name, 'summary.json'));
});
