import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkEvent, LogEvent } from '../../src/evidence/event.ts';
import {
  linkCounts,
  linkSessions,
  logCounts,
  logSessions,
  matchByPort,
  matchByRole,
} from '../../src/evidence/sessions/sessions.ts';
import { countAt, peakOf } from '../../src/evidence/sessions/steps.ts';
import { logGap } from '../../src/evidence/sessions/connections.ts';
import { link, log } from './given.ts';

describe('sessions through the links', () => {
  const events = [
    link(1, 'attempt'),
    link(2, 'session'),
    link(3, 'attempt', { port: 5001, instance: 'i2' }),
    link(4, 'session', { port: 5001, instance: 'i2' }),
    link(5, 'attempt', { port: 5002 }),
    link(6, 'refused', { port: 5002, sqlstate: '53300' }),
    link(7, 'close', { port: 5002, was_session: false }),
    link(9, 'close', { was_session: true }),
  ];

  it('count from authentication to close, and refused connections not at all', () => {
    expect(linkSessions(events)).toEqual([
      { tUs: 2, count: 1 },
      { tUs: 4, count: 2 },
      { tUs: 9, count: 1 },
    ]);
  });

  it('can be counted for one instance alone', () => {
    expect(linkSessions(events, (event) => event.instance === 'i2')).toEqual([{ tUs: 4, count: 1 }]);
  });

  it('are summed up with the refusals by SQLSTATE', () => {
    expect(linkCounts(events)).toEqual({
      attempts: 3,
      sessions: 2,
      refused: 1,
      refusedBySqlstate: { '53300': 1 },
    });
  });

  it('count a refusal whose SQLSTATE nobody read as unknown', () => {
    const untold = [1, 2].map((port) => link(6, 'refused', { port }));
    expect(linkCounts(untold).refusedBySqlstate).toEqual({ unknown: 2 });
  });

  it('keep two uses of one source port apart', () => {
    const again = [
      ...events,
      link(20, 'attempt'),
      link(21, 'session'),
      link(22, 'close', { was_session: true }),
    ];
    expect(linkCounts(again)).toMatchObject({ attempts: 4, sessions: 3, refused: 1 });
  });
});

describe('sessions in the server log', () => {
  it('count from "authorized" to "disconnection" of the same process', () => {
    const events = [
      log(1, 'received', { pid: 7 }),
      log(2, 'authorized', { pid: 7 }),
      log(3, 'authorized', { pid: 8, role: 'sampler' }),
      log(9, 'disconnected', { pid: 7 }),
      log(9, 'disconnected', { pid: 99 }),
    ];
    expect(logSessions(events, 'api')).toEqual([
      { tUs: 2, count: 1 },
      { tUs: 9, count: 0 },
    ]);
  });

  it('leave out a connection that Postgres refused after it had been authorized', () => {
    const events = [
      log(1, 'received', { pid: 7 }),
      log(2, 'authorized', { pid: 7 }),
      log(3, 'error', { pid: 7, sqlstate: '53300', message: 'remaining connection slots are reserved' }),
    ];
    expect(logSessions(events, 'api')).toEqual([]);
    expect(logCounts(events)).toEqual({
      attempts: 1,
      sessions: 0,
      refused: 1,
      refusedBySqlstate: { '53300': 1 },
    });
  });

  it('keep a session that was terminated by an administrator', () => {
    const events = [
      log(2, 'authorized', { pid: 7 }),
      log(5, 'error', { pid: 7, sqlstate: '57P01', message: 'terminating connection' }),
      log(6, 'disconnected', { pid: 7 }),
    ];
    expect(logCounts(events)).toMatchObject({ sessions: 1, refused: 0 });
    expect(logSessions(events, 'api').at(-1)).toEqual({ tUs: 6, count: 0 });
  });

  it('close a session whose end nobody logged once its process number is used again', () => {
    const again = [log(1, 'authorized', { pid: 7 }), log(9, 'authorized', { pid: 7, port: 6000 })];
    expect(peakOf(logSessions(again, 'api'), 0, 20)).toEqual({ tUs: 1, count: 1 });
    const received = [log(1, 'authorized', { pid: 7 }), log(9, 'received', { pid: 7, port: 6000 })];
    expect(countAt(logSessions(received, 'api'), 9)).toBe(0);
  });

  it('count every refusal of a process number that is used again, even where "received" is not at hand', () => {
    const fatal = { pid: 7, sqlstate: '53300' };
    const events = [
      log(1, 'error', { ...fatal, port: 5001 }),
      log(2, 'error', { ...fatal, port: 5002 }),
      log(3, 'authorized', { pid: 7, port: 5003 }),
      log(4, 'disconnected', { pid: 7, port: 5003 }),
    ];
    expect(logCounts(events)).toMatchObject({ attempts: 3, sessions: 1, refused: 2 });
  });

  it('do not take the errors of a session or of a background process for connections', () => {
    const events = [
      log(1, 'authorized', { pid: 7 }),
      log(2, 'error', { pid: 7, severity: 'ERROR', sqlstate: '57014' }),
      log(3, 'error', { pid: 50, port: null, role: null, sqlstate: '57P03' }),
    ];
    expect(logCounts(events)).toMatchObject({ attempts: 1, sessions: 1, refused: 0 });
  });

  it('can be counted for the roles that matter', () => {
    const events = [log(1, 'authorized', { pid: 7 }), log(1, 'authorized', { pid: 8, role: 'canary' })];
    expect(logCounts(events, (role) => role === 'api').sessions).toBe(1);
  });
});

describe('link and log', () => {
  const connection = fc.record({
    port: fc.constantFrom(5001, 5002, 5003),
    lengthUs: fc.integer({ min: 1, max: 50 }),
    ends: fc.constantFrom('session', 'refused', 'refused_late'),
  });

  /** The same connections as both would record them; a port is used again only after its close. */
  function recorded(given: readonly { port: number; lengthUs: number; ends: string }[]) {
    let clock = 0;
    const links: LinkEvent[] = [];
    const logs: LogEvent[] = [];
    for (const [index, { port, lengthUs, ends }] of given.entries()) {
      const pid = 100 + (index % 4);
      const [openUs, decidedUs, closedUs] = [clock + 1, clock + 2, clock + 2 + lengthUs];
      clock = closedUs;
      const isSession = ends === 'session';
      links.push(link(openUs, 'attempt', { port }));
      links.push(
        link(decidedUs, isSession ? 'session' : 'refused', { port, sqlstate: isSession ? null : '53300' }),
      );
      links.push(link(closedUs, 'close', { port, was_session: isSession }));
      logs.push(log(openUs, 'received', { port, pid }));
      if (ends !== 'refused') logs.push(log(decidedUs, 'authorized', { port, pid }));
      if (isSession) logs.push(log(closedUs, 'disconnected', { port, pid }));
      else logs.push(log(decidedUs, 'error', { port, pid, sqlstate: '53300' }));
    }
    return { links, logs };
  }

  it('agree to the last connection when they saw the same, however often ports and processes are reused', () => {
    fc.assert(
      fc.property(fc.array(connection, { maxLength: 30 }), (given) => {
        const { links, logs } = recorded(given);
        const sessions = given.filter(({ ends }) => ends === 'session').length;
        expect(matchByPort(links, logs)).toEqual({
          sessions: { both: sessions, onlyLink: [], onlyLog: [] },
          refused: { both: given.length - sessions, onlyLink: [], onlyLog: [] },
        });
        expect(linkCounts(links)).toEqual(logCounts(logs));
        for (let tUs = 0; tUs < 200; tUs += 7)
          expect(countAt(linkSessions(links), tUs)).toBe(countAt(logSessions(logs, 'api'), tUs));
      }),
    );
  });

  it('show what only one of them saw', () => {
    const { links, logs } = recorded([
      { port: 5001, lengthUs: 5, ends: 'session' },
      { port: 5001, lengthUs: 5, ends: 'session' },
    ]);
    const around = log(90, 'authorized', { port: 7000, pid: 9 });
    const matched = matchByPort(links, [...logs.slice(0, 3), around]);
    expect(matched.sessions.both).toBe(1);
    expect(matched.sessions.onlyLink).toMatchObject([{ port: 5001, sessionUs: 9 }]);
    expect(matched.sessions.onlyLog).toMatchObject([{ port: 7000, sessionUs: 90 }]);
  });

  it("leave out the harness's own connections when told so", () => {
    const own = log(1, 'authorized', { port: 7000, pid: 9, role: 'sampler' });
    const matched = matchByPort([], [own], ({ role }) => role === 'api');
    expect(matched.sessions.onlyLog).toEqual([]);
  });
});

describe('link and log matched by role', () => {
  const seen = [link(1_000_000, 'attempt'), link(1_000_000, 'session', { role: 'api' })];
  const logged = (tUs: number): LogEvent => log(tUs, 'authorized', { port: 1 });

  it('waits a quarter of a second for the log to tell of a session, and no longer', () => {
    const untilUs = 1_100_000;
    expect(matchByRole([...seen, logged(1_300_000)], untilUs).sessions).toMatchObject({
      both: 1,
      onlyLog: [],
    });
    expect(matchByRole([...seen, logged(1_400_000)], untilUs).sessions).toMatchObject({ both: 0 });
  });
});

describe('a pid in the server log', () => {
  it('begins another life after its disconnection, whatever its next line is', () => {
    const events = [log(1, 'authorized'), log(2, 'disconnected'), log(3, 'error', { sqlstate: '53300' })];
    expect(logCounts(events)).toMatchObject({ attempts: 2, sessions: 1, refused: 1 });
  });
});

describe('a server log', () => {
  const incomplete = { t_us: 5, kind: 'mark', name: 'log_incomplete' } as const;

  it('is complete unless it was marked otherwise, whatever else was marked', () => {
    expect(logGap([log(1, 'received')])).toBeNull();
    expect(logGap([{ ...incomplete, name: 'load_start', detail: 'x' }])).toBeNull();
  });

  it('says what is missing, where that is known', () => {
    expect(logGap([log(1, 'received'), incomplete])).toBe('the server log is incomplete');
    expect(logGap([{ ...incomplete, detail: 'the file was rotated' }])).toBe('the file was rotated');
  });
});
