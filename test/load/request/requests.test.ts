import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRequests, type MakeRequest } from '../../../src/load/request/requests.ts';
import type { Draw } from '../../../src/scenario/requests/draw.ts';
import {
  expectNothing,
  type RequestBody,
  type RequestSpec,
} from '../../../src/scenario/requests/request-spec.ts';
import { route } from '../../plan/scenario.ts';
import { feedOf } from '../../scenario/data/feeds.ts';

const at = (arrival: number, client = 0): Draw => ({ arrival, client, nth: arrival });

/** The request of a route that is given the values as its data. */
function make(more: Partial<RequestSpec>, values: readonly string[] = ['x'], seed = 1): MakeRequest {
  const feeds = {
    items: feedOf(
      ['v'],
      values.map((value) => [value]),
      'circular',
    ),
  };
  const [only] = compileRequests([route('order', more)], feeds, seed);
  if (only === undefined) throw new Error('one route, one request');
  return only;
}

describe('the request of a draw', () => {
  const order: Partial<RequestSpec> = {
    method: 'POST',
    path: '/orders/${rand_int(1,1000)}?n=${seq}',
    headers: { 'x-run': '${rand_string(8)}', 'x-client': 'c${client}' },
    body: { kind: 'json', value: { sku: '${uuid}' } },
  };

  it('is the same every time and another for another arrival or seed', () => {
    expect(make(order)(at(17))).toEqual(make(order)(at(17)));
    expect(make(order)(at(17)).path).toMatch(/^\/orders\/\d+\?n=17$/);
    const { body, headers } = make(order)(at(17));
    for (const other of [make(order)(at(18)), make(order, ['x'], 2)(at(17))]) {
      expect(other.body).not.toBe(body);
      expect(other.headers.pairs[1]).not.toBe(headers.pairs[1]);
    }
  });

  it('does not hang on who makes it: any share of the work gives the same requests', () => {
    const draw = fc.record({ arrival: fc.nat(1e7), client: fc.nat(99), nth: fc.nat(1e6) });
    fc.assert(
      fc.property(fc.array(draw, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (draws, lanes) => {
        const whole = draws.map(make(order));
        const shared = Array.from({ length: lanes }, () => make(order));
        expect(draws.map((one, index) => shared[index % lanes]?.(one))).toEqual(whole);
      }),
    );
  });

  it('is written down once where nothing is filled', () => {
    const read = make({ headers: { accept: '*/*' } });
    expect(read(at(1))).toBe(read(at(2)));
    const write = make({ path: '/${seq}', headers: { accept: '*/*' } });
    expect(write(at(1)).headers).toBe(write(at(2)).headers);
  });

  it('keeps of the answer what the checks need', () => {
    expect(make({})(at(0)).keepBytes).toBe(0);
    const json = [{ path: '$.id', is: null }];
    expect(make({ expect: { ...expectNothing, json } })(at(0)).keepBytes).toBe(1024 * 1024);
  });
});

describe('headers', () => {
  const pairs = (more: Partial<RequestSpec>): readonly string[] => make(more)(at(5, 2)).headers.pairs;

  it('say who sends it and what the body is, unless the scenario says otherwise', () => {
    expect(pairs({})).toEqual(['user-agent', 'poolproof']);
    const bodies: readonly (readonly [RequestBody, string])[] = [
      [{ kind: 'json', value: 1 }, 'application/json'],
      [{ kind: 'form', fields: { a: 'b' } }, 'application/x-www-form-urlencoded'],
      [{ kind: 'text', text: 'x' }, 'text/plain;charset=UTF-8'],
    ];
    for (const [body, type] of bodies)
      expect(pairs({ body })).toEqual(['content-type', type, 'user-agent', 'poolproof']);
    const headers = { 'User-Agent': 'me', 'Content-Type': 'text/csv' };
    expect(pairs({ body: { kind: 'text', text: 'x' }, headers })).toEqual(Object.entries(headers).flat());
  });

  it('are filled, and written as HTTP/1.1 has them', () => {
    const { headers } = make({ headers: { 'x-n': '${seq}/${client}', 'user-agent': 'me' } })(at(5, 2));
    expect(headers).toEqual({
      pairs: ['x-n', '5/2', 'user-agent', 'me'],
      lines: 'x-n: 5/2\r\nuser-agent: me\r\n',
    });
  });
});

describe('a path', () => {
  const path = (value: string): string => make({ path: '/a%20b/${data.items.v}?q=(1)' }, [value])(at(0)).path;

  it('is sent as the author wrote it, and so are values that fit', () => {
    expect(path('x-1/y?z=1&w=%2F')).toBe('/a%20b/x-1/y?z=1&w=%2F?q=(1)');
  });

  it('has what would break the request line percent-encoded', () => {
    expect(path('a b\r\nc#d\u007f')).toBe('/a%20b/a%20b%0D%0Ac%23d%7F?q=(1)');
    expect(path('größe €😀')).toBe('/a%20b/gr%C3%B6%C3%9Fe%20%E2%82%AC%F0%9F%98%80?q=(1)');
  });

  it('is one line of visible ASCII, whatever is filled in, and says it all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const filled = path(value);
        expect(filled).toMatch(/^[!-~]+$/);
        expect(filled).not.toContain('#');
        if (!value.includes('%')) expect(decodeURIComponent(filled)).toBe(`/a b/${value}?q=(1)`);
      }),
    );
  });
});

describe('a body', () => {
  const bodyOf = (body: RequestBody, values?: readonly string[], draw = at(0)): string =>
    make({ method: 'POST', body }, values)(draw).body ?? '';

  it('is none where the route has none', () => {
    expect(make({})(at(0)).body).toBeNull();
  });

  it('of JSON stays JSON, whatever is filled in', () => {
    const value = {
      'a"b': ['x ${data.items.v} "y"', '${data.items.v}', null, 1.5],
      n: {},
      l: [],
      deep: { t: true },
    };
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (filled) => {
        expect(JSON.parse(bodyOf({ kind: 'json', value }, [filled]))).toEqual({
          ...value,
          'a"b': [`x ${filled} "y"`, filled, null, 1.5],
        });
      }),
    );
  });

  it('of JSON has numbers where it is said so, and texts everywhere else', () => {
    const value = {
      a: '${seq}',
      b: '${seq as number}',
      c: '${data.items.v as number}',
      d: '${rand_choice(7) as number}',
    };
    expect(bodyOf({ kind: 'json', value }, ['-1.50e3'], at(12))).toBe('{"a":"12","b":12,"c":-1.50e3,"d":7}');
  });

  it('of JSON draws anew at each place', () => {
    const value = { a: '${uuid}', b: ['${uuid}', { a: '${uuid}' }] };
    const { a, b } = JSON.parse(bodyOf({ kind: 'json', value })) as { a: string; b: [string, { a: string }] };
    expect(new Set([a, b[0], b[1].a]).size).toBe(3);
  });

  it('of a form reads back as its fields, whatever is filled in', () => {
    const fields = { 'a b': 'x=${data.items.v}&', plain: '1', ü: '' };
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (filled) => {
        const read = new URLSearchParams(bodyOf({ kind: 'form', fields }, [filled]));
        expect([...read]).toEqual([
          ['a b', `x=${filled}&`],
          ['plain', '1'],
          ['ü', ''],
        ]);
      }),
    );
    expect(bodyOf({ kind: 'form', fields: { a: 'x y' } })).toBe('a=x+y');
  });

  it('of text is as it is written', () => {
    expect(bodyOf({ kind: 'text', text: '{"v": "${data.items.v}"}\n' }, ['a "b"'])).toBe('{"v": "a "b""}\n');
  });
});
