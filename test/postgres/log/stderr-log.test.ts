import { describe, expect, it } from 'vitest';
import { lineOf, type LogLine } from '../../../src/postgres/log-line.ts';
import { makeLogTime } from '../../../src/postgres/log/log-time.ts';
import { makeStderrReader, whyPrefixFails } from '../../../src/postgres/log/stderr-log.ts';

function read(prefix: string, text: string): LogLine | null | undefined {
  const record = makeStderrReader(prefix)(text);
  return record === null || record === undefined ? record : lineOf(record, makeLogTime('UTC'));
}

const time = '2026-11-21 02:00:55.038 UTC';
const atUs = Date.parse('2026-11-21T02:00:55.038Z') * 1000;

describe('a log on standard error', () => {
  it('is read with the prefix that Postgres ships', () => {
    const shipped = '%m [%p] ';
    expect(read(shipped, `${time} [17] LOG:  connection received: host=127.0.0.1 port=51234`)).toMatchObject({
      serverUs: atUs,
      what: 'received',
      pid: 17,
      port: 51234,
      role: null,
    });
    const authorized = 'connection authorized: user=orders api database=shop application_name=r1/i1';
    expect(read(shipped, `${time} [17] LOG:  ${authorized}`)).toMatchObject({
      what: 'authorized',
      role: 'orders api',
      database: 'shop',
      applicationName: 'r1/i1',
    });
    const gone = 'disconnection: session time: 0:00:00.012 user=api database=shop host=127.0.0.1 port=51234';
    expect(read(shipped, `${time} [17] LOG:  ${gone}`)).toMatchObject({
      what: 'disconnected',
      role: 'api',
      database: 'shop',
      port: 51234,
    });
    expect(read(shipped, `${time} [17] FATAL:  sorry, too many clients already`)).toMatchObject({
      what: 'error',
      severity: 'FATAL',
      sqlstate: '53300',
    });
  });

  it('takes from the prefix all that it tells', () => {
    const prefix = '%t:%r:%u@%d:[%p]: app=%a,state=%e,host=%h ';
    const head =
      '2026-11-21 02:00:55 UTC:10.0.0.7(51234):api@shop:[17]: app=r1/i1,state=53300,host=10.0.0.7 ';
    expect(read(prefix, `${head}FATAL:  zu viele Verbindungen`)).toEqual({
      serverUs: Date.parse('2026-11-21T02:00:55Z') * 1000,
      what: 'error',
      severity: 'FATAL',
      sqlstate: '53300',
      pid: 17,
      port: 51234,
      role: 'api',
      database: 'shop',
      applicationName: 'r1/i1',
      message: 'zu viele Verbindungen',
    });
    const nobody = head.replace('api@shop', '[unknown]@[unknown]').replace('53300', '00000');
    expect(read(prefix, `${nobody}LOG:  connection received: host=10.0.0.7 port=51234`)).toMatchObject({
      role: null,
      database: null,
      sqlstate: null,
    });
  });

  it('stops at %q for processes that are no session, and knows the process by %c', () => {
    const prefix = '%n %c %q%-10u|%d ';
    expect(read(prefix, '1795226455.038 65af.1a2b ERROR:  out of disk')).toMatchObject({
      pid: 0x1a2b,
      serverUs: 1795226455038000,
      role: null,
    });
    expect(read(prefix, '1795226455.038 65af.1a2b api       |shop ERROR:  no')).toMatchObject({
      role: 'api',
      database: 'shop',
    });
  });

  it('passes over what belongs to another line, and counts what it can not read', () => {
    const shipped = '%m [%p] ';
    expect(read(shipped, `${time} [17] DETAIL:  Key (id)=(1) already exists.`)).toBeNull();
    expect(read(shipped, '\tfrom somewhere')).toBeNull();
    expect(read(shipped, `${time} [17] LOG:  checkpoint starting: time`)).toBeNull();
    expect(read(shipped, 'Segmentation fault')).toBeUndefined();
    expect(read(shipped, '2026-11-21 02:00:55.038 CST [17] FATAL:  no')).toBeUndefined();
  });

  it('wants to know when and whose', () => {
    expect(whyPrefixFails('%m [%p] ')).toBeNull();
    expect(whyPrefixFails('%t %c ')).toBeNull();
    expect(whyPrefixFails('[%p] ')).toContain('no time');
    expect(whyPrefixFails('%m ')).toContain('no process');
  });
});
