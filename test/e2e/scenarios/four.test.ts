import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boundOf, describeEach, itJudgesAgain, itOverlaps, useRuns, type Ran } from './runs.ts';
import { four, others, pooled } from './shipped.ts';

const runs = useRuns(four);

describeEach(four, runs);

it('knows what every file in scenarios/ promises', () => {
  const files = readdirSync('scenarios').filter(
    (name) => name.endsWith('.yaml') && !name.startsWith('budget'),
  );
  expect(files.sort()).toEqual(Object.keys({ ...four, ...others, ...pooled }).sort());
});

describe('the two bursts', () => {
  const both = (): readonly Ran[] => ['burst.yaml', 'burst-unbudgeted.yaml'].map((file) => runs.of(file));

  itJudgesAgain('burst.yaml', runs);

  it('send the same schedule', () => {
    const hashes = both().map(({ summary }) => summary.schedule.hash);
    expect(new Set(hashes).size).toBe(1);
    const sent = both().map(({ evidence }) =>
      evidence.attempts.map(({ arrival, route }) => `${arrival} ${route}`).sort(),
    );
    expect(sent[0]).toEqual(sent[1]);
  });

  it('differ in what they break and in the first lever', () => {
    const bad = runs.of('burst-unbudgeted.yaml').summary;
    for (const id of ['B03', 'B05']) {
      const bound = boundOf(bad, id);
      expect(bound?.status).toBe('FAIL');
      expect(bound?.first_violation?.phase).toBe('burst');
      expect(bound?.witness?.what).toMatch(/\d/);
    }
    expect(bad.backends.refused).toBeGreaterThan(0);
    expect(bad.diagnosis[0]?.lever).toMatch(/max instances|pool/i);
    expect(bad.diagnosis[0]?.lever).not.toMatch(/max_connections/);
    expect(runs.of('burst.yaml').summary.backends.refused).toBe(0);
  });
});

describe('a rollout with room for one fleet only', () => {
  const file = 'rollout-overlap-unbudgeted.yaml';

  itOverlaps(file, runs);

  it('goes over what the server has', () => {
    const { summary } = runs.of(file);
    expect(runs.broken(file)).toEqual(expect.arrayContaining(['B03', 'B05']));
    expect(boundOf(summary, 'B05')?.first_violation?.phase).toBe('rollout');
    expect(summary.diagnosis[0]?.lever).not.toMatch(/max_connections/);
  });
});

describe('a shared database with one service over its line', () => {
  const file = 'shared-database-over.yaml';

  itJudgesAgain(file, runs);

  it('blames the worker that is over its line, and says that the api kept its own', () => {
    const { summary } = runs.of(file);
    expect(runs.broken(file)).toContain('B01');
    expect(boundOf(summary, 'B01')?.reason).toMatch(/^worker: \d+ sessions, claim 6/);
    expect(summary.headline).toMatch(/api kept its contract/);
    expect(summary.diagnosis[0]?.id).toBe('D23');
  });
});
