import { describe, expect, it } from 'vitest';
import type { AnswerHeaders } from '../../../src/load/answer/answer.ts';
import { keepBytes, makeBodyCheck } from '../../../src/load/answer/check-answer.ts';
import { expectNothing, type Expectation } from '../../../src/scenario/requests/request-spec.ts';

/** What the check says of an answer whose body came whole, or as much of it as is kept. */
function check(
  more: Partial<Expectation>,
  body: string,
  { status = 200, headers = {}, bytes }: { status?: number; headers?: AnswerHeaders; bytes?: number } = {},
): boolean | null {
  const expected = { ...expectNothing, ...more };
  const kept = Buffer.from(body).subarray(0, keepBytes(expected));
  const isWanted = keepBytes(expected) > 0;
  return makeBodyCheck(expected)(status, headers, bytes ?? Buffer.byteLength(body), isWanted ? kept : null);
}

const found = (...paths: string[]): Partial<Expectation> => ({
  json: paths.map((path) => ({ path, is: null })),
});
const is = (path: string, value: unknown): Partial<Expectation> => ({ json: [{ path, is: { value } }] });
const header = (name: string, contains: string | null): Partial<Expectation> => ({
  headers: [{ name, contains }],
});

describe('an answer is not looked at', () => {
  it('where nothing is expected of it', () => {
    expect(check({}, '')).toBeNull();
    expect(check({ status: [201] }, '')).toBeNull();
  });

  it.each([199, 300, 304, 404, 429, 503])('when its status is %i', (status) => {
    expect(check({ bodyNotEmpty: true, ...header('x', null), ...found('$.id') }, '', { status })).toBeNull();
  });
});

it('an empty body is wrong where one is expected', () => {
  expect(check({ bodyNotEmpty: true }, '')).toBe(false);
  expect(check({ bodyNotEmpty: true }, 'x', { status: 299 })).toBe(true);
});

describe('a header', () => {
  it('must be there', () => {
    expect(check(header('x-id', null), '', { headers: { 'x-id': '' } })).toBe(true);
    expect(check(header('x-id', null), '', { headers: { 'x-di': '1' } })).toBe(false);
  });

  it('must contain what is expected, whatever the case and however often it came', () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8', vary: ['Accept', 'Origin'] };
    expect(check(header('content-type', 'application/json'), '', { headers })).toBe(true);
    expect(check(header('content-type', 'text/html'), '', { headers })).toBe(false);
    expect(check(header('vary', 'origin'), '', { headers })).toBe(true);
    expect(check(header('x', 'y'), '', { headers })).toBe(false);
  });
});

describe('JSON', () => {
  const body = '{"id": null, "status": "ready", "items": [{"id": 7}, {"id": 8}], "at": {"x": [1, 2]}}';

  it.each<[Partial<Expectation>, boolean]>([
    [found('$.id'), true],
    [found('$.id', '$.items[1]', '$.nothing'), false],
    [found('$.items[*].id'), true],
    [found('$.items[2]'), false],
    [found('$.constructor'), false],
    [is('$.status', 'ready'), true],
    [is('$.status', 'READY'), false],
    [is('$.id', null), true],
    [is('$.items[0].id', 7), true],
    [is('$.items[0].id', '7'), false],
    [is('$.items[*].id', 8), true],
    [is('$.items[?@.id == 8].id', 7), false],
    [is('$.at', { x: [1, 2] }), true],
    [is('$.at', { x: [2, 1] }), false],
  ])('%j: %s', (expected, holds) => {
    expect(check(expected, body)).toBe(holds);
  });

  it('that is none is wrong, and a mark before it is no part of it', () => {
    expect(check(found('$'), '<html>')).toBe(false);
    expect(check(found('$'), '')).toBe(false);
    expect(check(found('$'), '\uFEFF{}')).toBe(true);
    expect(check(found('$'), 'null')).toBe(true);
  });

  it('longer than 1 MiB can’t be told, and neither can what is compressed or nested without end', () => {
    const long = `{"id": 1, "text": "${'x'.repeat(1024 * 1024)}"}`;
    expect(check(is('$.id', 2), long)).toBeNull();
    expect(
      check(
        is('$.id', 2),
        long
          .slice(0, -40)
          .concat('"}')
          .slice(-1024 * 1024),
      ),
    ).toBe(false);
    expect(check(found('$.id'), '{}', { headers: { 'content-encoding': 'gzip' } })).toBeNull();
    expect(check(found('$..id'), `${'['.repeat(2000)}${']'.repeat(2000)}`)).toBeNull();
  });

  it('that can’t be told makes nothing good that is wrong in another way', () => {
    const long = 'x'.repeat(2 * 1024 * 1024);
    expect(check({ ...header('x-id', null), ...found('$') }, long)).toBe(false);
  });
});
