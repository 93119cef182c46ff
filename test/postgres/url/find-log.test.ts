import { describe, expect, it } from 'vitest';
import { findLog } from '../../../src/postgres/url/find-log.ts';
import type { LogSettings } from '../../../src/postgres/url/monitor-facts.ts';

const good: LogSettings = {
  connections: 'on',
  disconnections: 'on',
  collector: 'on',
  destination: 'stderr, csvlog',
  linePrefix: '%m [%p] ',
  timeZone: 'Europe/Berlin',
  messages: 'en_US.UTF-8',
  isReadable: true,
};

describe("the log of somebody's server", () => {
  it('is read in the form that tells most', () => {
    expect(findLog(good)).toEqual({
      ok: true,
      format: { form: 'csvlog', linePrefix: '%m [%p] ', timeZone: 'Europe/Berlin' },
    });
    expect(findLog({ ...good, connections: 'receipt,authorization', destination: 'jsonlog' })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['connections', { connections: 'off' }, 'log_connections is off'],
    ['disconnections', { disconnections: 'off' }, 'log_disconnections is off'],
    ['the collector', { collector: 'off' }, 'logging_collector is off'],
    ['its place', { destination: 'syslog' }, 'log_destination is syslog'],
    ['its prefix', { destination: 'stderr', linePrefix: '> ' }, 'tells no time'],
    ['its zone', { timeZone: 'Nowhere' }, 'log_timezone is Nowhere'],
    ['its language', { messages: 'de_DE.UTF-8' }, 'not English'],
    ['the right to it', { isReadable: false }, 'may not call pg_read_binary_file'],
  ])('is not read at all where its silence would prove nothing: %s', (_, change, why) => {
    const found = findLog({ ...good, ...change });
    expect(found.ok ? '' : found.why).toContain(why);
  });
});
