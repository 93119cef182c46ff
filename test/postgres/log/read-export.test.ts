import { describe, expect, it } from 'vitest';
import { lineOf, type LogLine } from '../../../src/postgres/log-line.ts';
import { readCloudLogging } from '../../../src/postgres/log/cloud-logging.ts';
import { makeLogTime } from '../../../src/postgres/log/log-time.ts';
import { readExport, type ExportedLines } from '../../../src/postgres/log/read-export.ts';
import { makeStderrReader } from '../../../src/postgres/log/stderr-log.ts';

const start = Date.parse('2026-11-21T12:00:00Z');
const window = { fromUs: start * 1000, toUs: (start + 20_000) * 1000 };

const readLine = makeStderrReader('%m [%p]: [%l-1] db=%d,user=%u ');
const timeOf = makeLogTime('UTC');
const understand = (text: string): LogLine | null | undefined => {
  const record = readLine(text);
  return record === null || record === undefined ? record : lineOf(record, timeOf);
};

interface Entry {
  readonly timestamp: string;
  readonly [key: string]: unknown;
}

/** As Cloud Logging has it: the time in the line is the server's, to the millisecond. */
function entry(atMs: number, message: string, more: object = {}): Entry {
  const at = new Date(start + atMs).toISOString();
  return {
    timestamp: at.replace('Z', '123Z'),
    insertId: `s=${atMs}${message.length}`,
    logName: 'projects/shop/logs/cloudsql.googleapis.com%2Fpostgres.log',
    resource: { type: 'cloudsql_database', labels: { database_id: 'shop:orders', region: 'eu' } },
    textPayload: `${at.replace('T', ' ').replace('Z', ' UTC')} [${4000 + atMs}]: [2-1] db=poolproof,user=probe ${message}`,
    ...more,
  };
}

const login = 'LOG:  connection authorized: user=probe database=poolproof SSL enabled (protocol=TLSv1.3)';

/** A line a second, from a second before the run to one after it. */
const whole = Array.from({ length: 23 }, (_, second) => entry((second - 1) * 1000, login));

function read(entries: readonly unknown[], form: 'lines' | 'array' = 'lines'): ExportedLines {
  const lines = entries.map((one) => JSON.stringify(one));
  const text = form === 'lines' ? lines.join('\n') : `[${lines.join(',\n')}]`;
  return readExport(readCloudLogging(text), understand, window, 'shop:orders');
}

describe('an export of Cloud Logging', () => {
  it('that spans the run tells what the server logged in it', () => {
    const refused = entry(
      10_500,
      'FATAL:  remaining connection slots are reserved for non-replication superuser connections',
    );
    for (const form of ['lines', 'array'] as const) {
      const { lines, gap, isAtEnd } = read([...whole, refused], form);
      expect([gap, isAtEnd, lines.length]).toEqual([null, true, 22]);
      expect(lines.filter(({ what }) => what === 'error')).toMatchObject([
        { sqlstate: '53300', pid: 14_500, role: 'probe', serverUs: (start + 10_500) * 1000 },
      ]);
    }
  });

  it('is the same newest first, as gcloud prints it, and where entries stand in it twice', () => {
    const inOrder = read(whole);
    expect(read([...whole].reverse())).toEqual(inOrder);
    expect(read([...whole, ...whole.slice(5)])).toEqual(inOrder);
  });

  it('keeps the order of entries of one moment', () => {
    const pair = [
      entry(5000, 'LOG:  connection received: host=10.0.0.1 port=5'),
      entry(5000, 'LOG:  connection authorized: user=api database=shop'),
    ];
    const whats = (entries: readonly unknown[]): readonly string[] =>
      read(entries).lines.flatMap(({ serverUs, what }) => (serverUs === (start + 5000) * 1000 ? [what] : []));
    const others = whole.filter(({ timestamp }) => timestamp !== pair[0]?.timestamp);
    expect(whats([...others, ...pair])).toEqual(['received', 'authorized']);
    expect(whats([...others, ...pair].reverse())).toEqual(['received', 'authorized']);
  });

  it.each([
    ['begins too late', whole.slice(10), 'it begins after the run does'],
    ['ends too early', whole.slice(0, 10), 'it ends before the run does'],
    ['has a hole', [...whole.slice(0, 3), ...whole.slice(20)], 'it has nothing for 18 s'],
    [
      'is of another instance',
      whole.map((one) => ({
        ...one,
        resource: { type: 'cloudsql_database', labels: { database_id: 'shop:other' } },
      })),
      'it begins after',
    ],
    [
      'has an entry without text',
      [...whole, entry(4000, '', { textPayload: undefined })],
      '1 of its entries could not be read',
    ],
    [
      'has a line of another form',
      [...whole, entry(4000, '', { textPayload: 'what?' })],
      '1 of its entries could not be read',
    ],
    ['is empty', [], 'it begins after the run does'],
  ])('that %s proves nothing', (_, entries, why) => {
    expect(read(entries).gap).toContain(why);
  });

  it('in which the last line is not whole yet proves nothing', () => {
    const text = whole.map((one) => JSON.stringify(one)).join('\n');
    const cut = readExport(readCloudLogging(text.slice(0, -20)), understand, window, null);
    expect(cut.gap).toContain('1 of its lines are no JSON');
  });

  it('may hold other logs beside, and messages of several lines', () => {
    const audit = entry(4000, '', {
      logName: 'projects/shop/logs/cloudaudit.googleapis.com%2Factivity',
      textPayload: undefined,
    });
    const long = entry(4500, 'ERROR:  syntax error\n\tat here\nanything');
    const { gap, lines } = read([...whole, audit, long, { timestamp: 'x' }, 5]);
    expect([gap, lines.length]).toEqual([null, 22]);
  });

  it('of two instances is not that of one server, where nobody says which', () => {
    const other = {
      ...entry(0, login),
      resource: { type: 'cloudsql_database', labels: { database_id: 'shop:b' } },
    };
    const text = JSON.stringify([...whole, other]);
    expect(readExport(readCloudLogging(text), understand, window, null).gap).toContain(
      'it is of 2 instances',
    );
  });
});
