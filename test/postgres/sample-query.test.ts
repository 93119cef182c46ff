import { describe, expect, it } from 'vitest';
import { parseFeatures } from '../../src/postgres/sample-features.ts';
import { prepareSample } from '../../src/postgres/sample-query.ts';
import { parseSample } from '../../src/postgres/server-sample.ts';

const head = ['120', '1795226455221394', '121'];
const all = parseFeatures(['16384', 't', 't', 't']);

describe('a sample', () => {
  it('of a server without sessions has its counter and its clock', () => {
    const rows = [[...head, null, null, null, null, null, null, null, null, null, null, '210']];
    expect(parseSample(rows, all)).toEqual({
      sessions: 120,
      sessionsAfter: 121,
      serverUs: 1795226455221394,
      backends: 0,
      starting: 0,
      tookUs: 210,
      pids: [],
      groups: [],
    });
  });

  it('counts sessions that have logged in apart from those that have not', () => {
    const sample = parseSample(
      [
        [
          ...head,
          'api',
          'a',
          'idle',
          'Client',
          'ClientRead',
          '7',
          null,
          null,
          '12.5',
          '{1,2,3,4,5,6,7}',
          '210',
        ],
        [
          ...head,
          'api',
          'a',
          'active',
          'Timeout',
          'PgSleep',
          '2',
          '1.25',
          '1.0000004',
          '0.001',
          '{8,9}',
          '210',
        ],
        [...head, null, '', 'starting', 'Client', 'ClientRead', '3', null, null, null, null, '210'],
      ],
      all,
    );
    expect(sample).toMatchObject({
      backends: 9,
      starting: 3,
      pids: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    });
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
      place: {},
    });
  });

  it('tells where sessions are and come from, where a contract asks for it', () => {
    const row = ['api', 'a', 'idle', 'Client', 'ClientRead', '7', null, null, '12.5', '{1}', '210'];
    const rows = [[...head, ...row, 'shop', null]];
    expect(parseSample(rows, all, ['database', 'clientAddress']).groups[0]?.place).toEqual({
      database: 'shop',
      clientAddress: null,
    });
    expect(prepareSample(all)).not.toMatch(/datname|client_addr/);
    expect(prepareSample(all, ['clientAddress'])).toContain('host(client_addr)');
  });

  it('of a server that shows no starting sessions knows none, which is not zero', () => {
    const rows = [
      [...head, 'api', 'a', 'idle', 'Client', 'ClientRead', '7', null, null, '12.5', '{1}', '210'],
    ];
    expect(parseSample(rows, parseFeatures(['16384', 't', 'f', 't'])).starting).toBeNull();
  });

  it.each([
    ['an old server', ['16384', 'f', 'f', 't']],
    ['a role that sees only itself', ['16384', 't', 't', 'f']],
  ])('asks %s for no count of logins: a guess would bound nothing', (_, answer) => {
    const features = parseFeatures(answer);
    expect(features.countsLogins).toBe(false);
    expect(prepareSample(features)).not.toContain('pg_stat_get_db_sessions');
  });
});
