import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonRecord } from '../../src/postgres/log/jsonlog.ts';
import { makeLogTime } from '../../src/postgres/log/log-time.ts';
import { lineOf, type LogLine } from '../../src/postgres/log-line.ts';

const utc = makeLogTime('UTC');

/** A line of a jsonlog, as the reader of the server log takes it. */
function parseLogLine(text: string): LogLine | null | undefined {
  const record = readJsonRecord(text);
  return record === undefined ? undefined : lineOf(record, utc);
}

function linesOf(version: number): readonly LogLine[] {
  const text = readFileSync(`test/fixtures/postgres/log-${version}.jsonl`, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => parseLogLine(line))
    .filter((line) => line !== null && line !== undefined);
}

const texts = {
  15: 'remaining connection slots are reserved for non-replication superuser connections',
  18: 'remaining connection slots are reserved for roles with the SUPERUSER attribute',
};

describe.each([15, 18] as const)('a real log of PostgreSQL %i', (version) => {
  const lines = linesOf(version);
  const ofRole = (role: string, what: LogLine['what']): readonly LogLine[] =>
    lines.filter((line) => line.role === role && line.what === what);

  it('tells three sessions of the service from their logins to their ends', () => {
    const ended = ofRole('api', 'disconnected').map((line) => line.pid);
    expect(ended).toHaveLength(3);
    const authorized = ofRole('api', 'authorized').map((line) => line.pid);
    expect(authorized).toEqual(expect.arrayContaining(ended));
  });

  it('tells every refusal with its code, its port and the words of the server', () => {
    const refusals = lines.filter((line) => line.what === 'error' && line.sqlstate === '53300');
    expect(refusals.map((line) => line.message)).toEqual([
      'too many connections for role "capped"',
      texts[version],
      'sorry, too many clients already',
    ]);
    for (const line of refusals) expect(line.port).toBeGreaterThan(1024);
  });

  it('tells other errors too, with their severity', () => {
    const errors = lines.filter((line) => line.what === 'error' && line.sqlstate !== '53300');
    expect(errors.map((line) => [line.severity, line.sqlstate, line.role])).toEqual([
      ['ERROR', '57014', 'api'],
      ['FATAL', '28P01', 'api'],
      ['FATAL', '42501', 'api'],
    ]);
  });

  it('knows the application name at the login and at the end, blanks and the word SSL in it', () => {
    const [first] = ofRole('api', 'authorized');
    expect(first?.applicationName).toBe('orders api SSL');
    const last = lines.find((line) => line.pid === first?.pid && line.what === 'disconnected');
    expect(last?.applicationName).toBe('orders api SSL');
  });

  it('leaves out WAL senders, which take no slot of max_connections', () => {
    expect(ofRole('poolproof_monitor', 'authorized')).toEqual([]);
    expect(ofRole('poolproof_monitor', 'disconnected')).toEqual([]);
  });

  it('reads times to the millisecond', () => {
    const { serverUs } = lines[0]!;
    expect(serverUs % 1000).toBe(0);
    expect(new Date(serverUs / 1000).toISOString()).toMatch(/^2026-11-21T02:26:0[37]\.\d{3}Z$/);
  });
});

describe('a line of a log', () => {
  const line = {
    timestamp: '2026-11-21 02:26:03.302 UTC',
    pid: 7,
    error_severity: 'LOG',
    message: 'connection authorized: user=a database=b application_name=x SSL enabled (protocol=TLSv1.3)',
  };

  it('ends the application name before what is said of encryption', () => {
    expect(parseLogLine(JSON.stringify(line))?.applicationName).toBe('x');
  });

  it('is not understood when its time is in another zone', () => {
    expect(
      parseLogLine(JSON.stringify({ ...line, timestamp: '2026-11-21 02:26:03.302 CET' })),
    ).toBeUndefined();
  });

  it('is of no interest when it says something else', () => {
    expect(parseLogLine(JSON.stringify({ ...line, message: 'checkpoint starting: time' }))).toBeNull();
  });

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseLogLine(text) ?? null).toBeNull();
      }),
    );
  });
});
