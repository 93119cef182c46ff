import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readEvidence } from '../src/evidence/read-evidence.ts';
import { judge } from '../src/verdict/judge.ts';
import { storedIncidents, unpackRun } from './support/stored-run.ts';

/*
 * Plain services, without a header of poolproof's and with a library's own pool, that break their budgets as published
 * incidents did. What has to be said of each first is written by hand.
 */

const incidents = {
  'listeners-outside-pool': {
    first: 'D28',
    lever: /3 sessions an instance beside its pool of 8/,
    broken: ['B01', 'B05'],
    never: ['D05'],
  },
  'liveness-probe-through-pool': {
    first: 'D13',
    lever: /health check without the database/,
    broken: [],
    never: [],
  },
  'starvation-no-acquire-timeout': {
    first: 'D27',
    lever: /give the session back before/,
    broken: ['B09', 'B11'],
    never: ['D24', 'D07'],
  },
  'deploy-overlap': { first: 'D14', lever: /so that two fleets fit/, broken: ['B03', 'B05'], never: [] },
  'held-transactions': { first: 'D06', lever: /out of the transaction/, broken: ['B14'], never: ['D24'] },
  'over-tight-pool': { first: 'D29', lever: /pool max from 5 to 13/, broken: ['B19'], never: ['D24', 'D07'] },
} as const;

it('there is a recording of each, and no other', () => {
  expect(readdirSync(storedIncidents).sort()).toEqual(Object.keys(incidents).sort());
});

it.each(Object.entries(incidents))('%s: the right lever comes first', async (name, incident) => {
  const evidence = await readEvidence(unpackRun(name, storedIncidents));
  expect(evidence.gaps).toEqual([]);
  const { verdict, bounds, diagnosis } = judge(evidence);
  expect(verdict).not.toBe('PASS');
  const [first] = diagnosis;
  expect(first?.id).toBe(incident.first);
  expect(first?.lever).toMatch(incident.lever);
  const broken = bounds.filter(({ status }) => status === 'FAIL').map(({ id }) => id);
  expect(broken).toEqual(expect.arrayContaining([...incident.broken]));
  expect(
    diagnosis.map(({ id }) => id).filter((id) => (incident.never as readonly string[]).includes(id)),
  ).toEqual([]);
});
