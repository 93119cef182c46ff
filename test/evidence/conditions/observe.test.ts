import { describe, expect, test } from 'vitest';
import {
  makeCounter,
  ofAttempt,
  ofEvent,
  ofSample,
  type Wanted,
} from '../../../src/evidence/conditions/observe.ts';
import type { RunEvent } from '../../../src/evidence/event.ts';
import { attempt, backend, instance, link, sample } from '../given.ts';

const want = (metric: Wanted['metric'], tags: Wanted['tags'] = {}): Wanted => ({ metric, tags });

describe('an attempt', () => {
  const shed = attempt({
    intendedUs: 1000,
    sentUs: 3000,
    endedUs: 9000,
    acquireUs: 500,
    outcome: 'shed',
    status: 503,
  });

  test.each([
    ['http.latency', 8],
    ['http.service_time', 6],
    ['http.acquire', 0.5],
    ['gen.lag', 2],
    ['http.attempts', 1],
  ] as const)('says of %s, in milliseconds or as one', (metric, value) => {
    expect(ofAttempt(want(metric), shed)).toEqual({ tUs: 1000, value, isHit: true });
  });

  test.each([
    [{ outcome: ['shed'] }, true],
    [{ outcome: ['ok', 'shed'] }, true],
    [{ outcome: ['ok'] }, false],
    [{ route: ['read'], status: ['503'] }, true],
    [{ route: ['read'], status: ['200'] }, false],
  ])('counts among those with %o: %s', (tags, isHit) => {
    expect(ofAttempt(want('http.attempts', tags), shed)).toEqual({ tUs: 1000, value: 1, isHit });
    expect(ofAttempt(want('http.latency', tags), shed) !== null).toBe(isHit);
  });

  test('without an answer has no status and took no known time', () => {
    const open = attempt({ endedUs: null, status: null, outcome: 'unfinished' });
    expect(ofAttempt(want('http.latency'), open)).toBeNull();
    expect(ofAttempt(want('http.service_time'), open)).toBeNull();
    expect(ofAttempt(want('http.acquire'), open)).toBeNull();
    expect(ofAttempt(want('http.attempts', { status: ['null'] }), open)).toMatchObject({ isHit: false });
  });

  test('that was dropped was not sent, and says nothing else', () => {
    const dropped = attempt({ outcome: 'dropped', endedUs: null });
    expect(ofAttempt(want('gen.dropped'), dropped)).toEqual({ tUs: 1000, value: 1, isHit: true });
    expect(ofAttempt(want('gen.lag'), dropped)).toBeNull();
    expect(ofAttempt(want('http.attempts'), dropped)).toBeNull();
  });

  test('is an arrival only the first time', () => {
    expect(ofAttempt(want('gen.dropped'), attempt())).toEqual({ tUs: 1000, value: 1, isHit: false });
    expect(ofAttempt(want('gen.dropped'), attempt({ attempt: 2 }))).toBeNull();
  });

  test('says nothing of sessions', () => {
    expect(ofAttempt(want('db.backends'), shed)).toBeNull();
  });
});

describe('an event of a link', () => {
  test('is a try or a refusal', () => {
    const one = { tUs: 5, value: 1, isHit: true };
    expect(ofEvent(want('db.connects'), link(5, 'attempt'))).toEqual(one);
    expect(ofEvent(want('db.refused'), link(5, 'refused'))).toEqual(one);
    expect(ofEvent(want('db.connects'), link(5, 'refused'))).toBeNull();
    expect(ofEvent(want('db.backends'), link(5, 'attempt'))).toBeNull();
    expect(ofEvent(want('db.connects'), sample(5, 1, 1))).toBeNull();
  });

  test('counts only with the tags', () => {
    const refused = link(5, 'refused', { sqlstate: '53300' });
    expect(ofEvent(want('db.refused', { sqlstate: ['53300'] }), refused)).not.toBeNull();
    expect(ofEvent(want('db.refused', { sqlstate: ['28P01'] }), refused)).toBeNull();
    expect(ofEvent(want('db.refused', { service: ['api'], revision: ['r1'] }), refused)).not.toBeNull();
    expect(ofEvent(want('db.refused', { revision: ['r2'] }), refused)).toBeNull();
    expect(ofEvent(want('db.refused', { sqlstate: ['53300'] }), link(5, 'refused'))).toBeNull();
  });
});

describe('a sample', () => {
  const rows = [
    backend({ count: 3, state: 'idle', maxXactMs: null }),
    backend({ count: 2, state: 'active', waitType: 'Lock', maxXactMs: 700 }),
    backend({ count: 4, service: 'jobs', role: 'jobs', maxXactMs: 900 }),
  ];

  test.each([
    ['db.backends', {}, 9],
    ['db.backends', { service: ['api'] }, 5],
    ['db.backends', { role: ['jobs'] }, 4],
    ['db.backends', { state: ['active'] }, 2],
    ['db.backends', { wait_type: ['Lock'] }, 2],
    ['db.backends', { service: ['nobody'] }, 0],
    ['db.oldest_xact', {}, 900],
    ['db.oldest_xact', { service: ['api'] }, 700],
    ['db.oldest_xact', { service: ['nobody'] }, 0],
  ] as const)('%s of %o', (metric, tags, value) => {
    expect(ofSample(want(metric, tags), 7, rows)).toEqual({ tUs: 7, value, isHit: true });
  });

  test('says nothing of what is not sampled', () => {
    expect(ofSample(want('http.latency'), 7, rows)).toBeNull();
  });
});

describe('a count that goes on', () => {
  const counts = (wanted: Wanted, events: readonly RunEvent[]): readonly (number | null)[] => {
    const counter = makeCounter(wanted);
    return events.map((event) => counter.after(event));
  };

  test('of sessions is what was opened less what was closed', () => {
    const events = [
      link(1, 'session'),
      link(2, 'session'),
      link(3, 'close', { was_session: true }),
      link(4, 'close', { was_session: false }),
      link(5, 'attempt'),
      instance(6, 'ready'),
      sample(7, 1, 1),
    ];
    expect(counts(want('db.sessions'), events)).toEqual([1, 2, 1, null, null, null, null]);
  });

  test('of instances is who was started and has not ended', () => {
    const events = [
      instance(1, 'starting'),
      instance(2, 'ready'),
      instance(3, 'starting', { instance: 'i2' }),
      instance(4, 'stopped'),
      instance(5, 'failed', { instance: 'i2' }),
      link(6, 'session'),
    ];
    expect(counts(want('run.instances'), events)).toEqual([1, null, 2, 1, 0, null]);
  });

  test('is of the service and revision that were asked for', () => {
    const events = [
      link(1, 'session'),
      link(2, 'session', { revision: 'r2' }),
      link(3, 'session', { service: 'x' }),
    ];
    expect(counts(want('db.sessions', { service: ['api'] }), events)).toEqual([1, 2, null]);
    expect(counts(want('db.sessions', { revision: ['r2'] }), events)).toEqual([null, 1, null]);
  });
});
