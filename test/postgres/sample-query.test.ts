import { describe, expect, it } from 'vitest';
import { parseSample } from '../../src/postgres/sample-query.ts';

const head = ['120', '1795226455221394'];

describe('a sample', () => {
  it('of a server without sessions has its counter and its clock', () => {
    const rows = [[...head, null, null, null, null, null, null, null, null, null]];
    expect(parseSample(rows)).toEqual({
      sessions: 120,
      serverUs: 1795226455221394,
      backends: 0,
      starting: 0,
      groups: [],
    });
  });

  it('counts sessions that have logged in apart from those that have not', () => {
    const sample = parseSample([
      [...head, 'api', 'a', 'idle', 'Client', 'ClientRead', '7', null, null, '12.5'],
      [...head, 'api', 'a', 'active', 'Timeout', 'PgSleep', '2', '1.25', '1.0000004', '0.001'],
      [...head, null, '', 'starting', 'Client', 'ClientRead', '3', null, null, null],
    ]);
    expect(sample).toMatchObject({ backends: 9, starting: 3 });
    expect(sample.groups[1]).toEqual({
      role: 'api',
      applicationName: 'a',
      state: 'active',
      waitType: 'Timeout',
      wait: 'PgSleep',
      count: 2,
      maxXactMs: 1250,
      maxQueryMs: 1000,
      maxStateMs: 1,
    });
  });
});
