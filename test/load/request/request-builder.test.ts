import { describe, expect, it } from 'vitest';
import type { LogicalRequest } from '../../../src/load/lane/logical-request.ts';
import type { LaneOrders } from '../../../src/load/lane/thread-message.ts';
import { makeCookieJars, type CookieJars } from '../../../src/load/request/cookies.ts';
import { RequestBuilder } from '../../../src/load/request/request-builder.ts';
import type { Incoming } from '../../../src/load/transport.ts';
import { expectNothing } from '../../../src/scenario/requests/request-spec.ts';
import { clientOf, route } from '../../plan/scenario.ts';
import { shareSchedule } from '../../../src/load/lane/shared.ts';
import { sharingOf } from '../../../src/load/lane/lanes.ts';

const read = route('read', {
  path: '/orders/${seq}',
  expect: { ...expectNothing, status: [200], bodyNotEmpty: true },
});

function builderOf({ jars = null, token = null }: { jars?: CookieJars | null; token?: string | null } = {}) {
  const none = {
    count: 0,
    intendedUs: new Float64Array(),
    route: new Uint16Array(),
    phase: new Uint16Array(),
  };
  const orders: LaneOrders = {
    lane: 0,
    firstArrival: 0,
    shared: shareSchedule(none, 1),
    sharing: sharingOf(1, 1, false, 7),
    originNs: 0n,
    loadStartUs: 0,
    url: 'http://127.0.0.1:8080',
    warmPath: null,
    connectionsAhead: 0,
    maxInFlight: 1,
    client: clientOf(),
    acquireTimeoutMs: 1000,
    seed: 7,
    requests: [read, route('write', { method: 'POST' })],
    data: {},
    phases: ['only'],
    closed: [],
    token,
  };
  return new RequestBuilder(orders, jars);
}

const request = (route: number, { client = 0, arrival = 5 } = {}): LogicalRequest => ({
  arrival,
  client,
  route,
  phase: 0,
  nth: 0,
  deadlineUs: Infinity,
  onFinal: null,
  attempt: 1,
  intendedUs: 0,
  retry: null,
});
const incoming = (more: Partial<Incoming>): Incoming => ({
  status: 200,
  headers: {},
  bytes: 2,
  body: null,
  ...more,
});

describe('the request builder', () => {
  it('builds the request of the route', () => {
    const builder = builderOf();
    expect(builder.build(request(0))).toMatchObject({ method: 'GET', path: '/orders/5', extra: [] });
    expect(builder.build(request(1))).toMatchObject({ method: 'POST', path: '/write' });
    expect(() => builder.build(request(2))).toThrow('a route 2 that the scenario does not have');
  });

  it('adds the token, and the newest one once it was renewed', () => {
    const builder = builderOf({ token: 'first' });
    expect(builder.build(request(0)).extra).toEqual(['authorization', 'Bearer first']);
    builder.authorize('second');
    expect(builder.build(request(0)).extra).toEqual(['authorization', 'Bearer second']);
  });

  it('sends back the cookies that the client was given, beside the token', () => {
    const builder = builderOf({ jars: makeCookieJars(), token: 't' });
    builder.keepCookies(
      request(0),
      incoming({ headers: { 'set-cookie': ['sid=a; Path=/', 'b=1; Path=/'] } }),
    );
    expect(builder.build(request(0)).extra).toEqual(['cookie', 'sid=a; b=1', 'authorization', 'Bearer t']);
    expect(builder.build(request(0, { client: 1 })).extra).toEqual(['authorization', 'Bearer t']);
  });

  it('takes a cookie without a path for one of the folder that gave it', () => {
    const builder = builderOf({ jars: makeCookieJars() });
    builder.keepCookies(request(0), incoming({ headers: { 'set-cookie': 'cart=1' } }));
    expect(builder.build(request(0, { arrival: 6 })).extra).toEqual(['cookie', 'cart=1']);
    expect(builder.build(request(1)).extra).toEqual([]);
  });

  it('keeps no cookies for clients that do not, nor where none was given', () => {
    const builder = builderOf();
    builder.keepCookies(request(0), incoming({ headers: { 'set-cookie': 'sid=a; Path=/' } }));
    expect(builder.build(request(0)).extra).toEqual([]);
    const keeping = builderOf({ jars: makeCookieJars() });
    keeping.keepCookies(request(0), incoming({}));
    expect(keeping.build(request(0)).extra).toEqual([]);
  });

  it('checks an answer by what its own route expects', () => {
    const builder = builderOf();
    expect(builder.check(request(0), incoming({ bytes: 2 }))).toBe(true);
    expect(builder.check(request(0), incoming({ bytes: 0 }))).toBe(false);
    expect(builder.check(request(1), incoming({ bytes: 0 }))).toBeNull();
    expect(builder.check(request(0), incoming({ status: null, bytes: 0 }))).toBeNull();
    expect(builder.expectation(request(0)).status).toEqual([200]);
    expect(builder.expectation(request(1)).status).toEqual([]);
  });
});
