import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Draw } from '../../../src/scenario/requests/draw.ts';
import type { Feeds } from '../../../src/scenario/data/feed.ts';
import { compileTemplate, fillPart, templateProblems } from '../../../src/scenario/requests/template.ts';
import { feedOf } from '../data/feeds.ts';

/** A template of the stream `s`, ready to be filled. */
function template(text: string, seed = 42, stream = 's', feeds: Feeds = {}): (draw: Draw) => string {
  const part = compileTemplate(text, { seed, stream, feeds });
  return (draw) => fillPart(part, draw);
}

const at = (arrival: number): Draw => ({ arrival, client: 0, nth: arrival });
const arrivals = (count: number): Draw[] => Array.from({ length: count }, (_, arrival) => at(arrival));

test('a text without templates stays as it is, and is known to be constant', () => {
  expect(compileTemplate('/orders?x=$1', { seed: 42, stream: 's', feeds: {} })).toBe('/orders?x=$1');
});

const random = '/${rand_int(1,1000000)}/${uuid}/${rand_string(9)}/${rand_float(0,1,6)}/${rand_choice(a,b,c)}';

test('a draw gets the same text every time, whoever asks in whichever order', () => {
  const draw = fc.record({ arrival: fc.nat(), client: fc.nat(), nth: fc.nat() });
  fc.assert(
    fc.property(fc.nat(), fc.array(draw, { minLength: 1 }), fc.nat(), (seed, draws, share) => {
      const text = `${random}/\${data.items.id}/\${seq}/\${client}`;
      const feeds = { items: feedOf(['id'], [['a'], ['b'], ['c']]) };
      const whole = draws.map(template(text, seed, 's', feeds));
      const cut = share % draws.length;
      const backwards = draws
        .slice(cut)
        .reverse()
        .map(template(text, seed, 's', feeds))
        .reverse();
      const others = draws.slice(0, cut).map(template(text, seed, 's', feeds));
      expect([...others, ...backwards]).toEqual(whole);
    }),
  );
});

test.each(['${uuid}', '${rand_string(12)}', '${rand_int(1,1000000000)}', '${rand_float(0,1,6)}'])(
  'another seed, stream, arrival or placeholder gives %s another value',
  (one) => {
    const value = template(one)(at(0));
    expect(template(one, 43)(at(0))).not.toBe(value);
    expect(template(one, 42, 'other')(at(0))).not.toBe(value);
    expect(template(one)(at(1))).not.toBe(value);
    const [first, second] = template(`${one} ${one}`)(at(0)).split(' ');
    expect(second).not.toBe(first);
  },
);

test('uuids are of version 4 and do not repeat, in one template or another', () => {
  const all = ['read/path', 'write/body', 'write/path'].flatMap((stream) =>
    arrivals(10_000).map(template('${uuid}', 42, stream)),
  );
  for (const one of all.slice(0, 500))
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(all).size).toBe(all.length);
});

test('rand_int reaches both of its bounds and nothing beyond', () => {
  const seen = new Set(arrivals(1000).map(template('${rand_int(-1, 3)}')));
  expect([...seen].map(Number).sort((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3]);
});

test('rand_int stays between its bounds', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(2 ** 31), fc.nat(), (from, span, arrival) => {
      const value = Number(template(`\${rand_int(${from},${from + span})}`, 1)(at(arrival)));
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(from + span);
    }),
  );
});

test('rand_float reaches both of its bounds in steps of its last decimal', () => {
  const seen = new Set(arrivals(1000).map(template('${rand_float(-0.1,0.25,2)}')));
  expect(seen.size).toBe(36);
  expect([...seen].map(Number).sort((a, b) => a - b)[0]).toBe(-0.1);
  expect(seen).toContain('0.25');
  expect(seen).toContain('0.00');
});

test('rand_float stays between its bounds', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(cents, fc.nat(1_000_000), fc.nat(), (from, span, arrival) => {
      const [low, high] = [(from / 100).toFixed(2), ((from + span) / 100).toFixed(2)];
      const text = template(`\${rand_float(${low},${high},3)}`, 1)(at(arrival));
      expect(text).toMatch(/^-?\d+\.\d{3}$/);
      expect(Number(text)).toBeGreaterThanOrEqual(Number(low));
      expect(Number(text)).toBeLessThanOrEqual(Number(high));
    }),
  );
});

test('rand_choice gives every choice about as often', () => {
  const counts = new Map<string, number>();
  for (const text of arrivals(3000).map(template('${rand_choice(new, in transit, done)}')))
    counts.set(text, (counts.get(text) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual(['done', 'in transit', 'new']);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('rand_string has the length asked for, of letters and digits, and all of them', () => {
  const all = arrivals(200).map(template('${rand_string(40)}')).join('');
  expect(all).toMatch(/^[A-Za-z0-9]{8000}$/);
  expect(new Set(all).size).toBe(62);
});

test('seq is the number of the arrival, client that of the simulated client', () => {
  expect(template('n=${seq}, c=${client}')({ arrival: 17, client: 3, nth: 5 })).toBe('n=17, c=3');
});

describe('data', () => {
  const rows = Array.from({ length: 10 }, (_, row) => [`id-${row}`, `name ${row}, größer`]);
  const filled = (pick: 'random' | 'sequence' | 'circular', seed = 1, text = '${data.items.id}') =>
    template(text, seed, 's', { items: feedOf(['id', 'full name'], rows, pick) });

  it('of all columns is of one row', () => {
    const both = filled('random', 1, '${data.items.id}|${data.items.full name}|${ data.items.id }');
    for (const [id = '', name = '', again] of arrivals(100).map((draw) => both(draw).split('|'))) {
      expect(name).toBe(`name ${id.slice(3)}, größer`);
      expect(again).toBe(id);
    }
  });

  it('at random is drawn by the seed and the arrival, whatever the route', () => {
    const seen = arrivals(1000).map(filled('random'));
    expect(new Set(seen).size).toBe(10);
    expect(seen).toEqual(arrivals(1000).map((draw) => filled('random')({ ...draw, nth: 0 })));
    expect(seen).not.toEqual(arrivals(1000).map(filled('random', 2)));
  });

  it('in sequence and circular goes by the number within the route', () => {
    const draw = (nth: number): Draw => ({ arrival: 1000 + 7 * nth, client: 0, nth });
    expect([0, 1, 9].map(draw).map(filled('sequence'))).toEqual(['id-0', 'id-1', 'id-9']);
    expect([0, 9, 10, 25].map(draw).map(filled('circular'))).toEqual(['id-0', 'id-9', 'id-0', 'id-5']);
  });
});

const known =
  'known: ${rand_int(from,to)}, ${rand_float(from,to,decimals)}, ${rand_choice(a,b,...)}, ${rand_string(length)}, ${uuid}, ${seq}, ${client}, ${data.FEED.COLUMN}';

test.each([
  ['${rand_itn(1,2)}', 'unknown template "${rand_itn(1,2)}"; did you mean ${rand_int(from,to)}?'],
  ['${data.items}', `unknown template "\${data.items}"; ${known}`],
  ['${}', `unknown template "\${}"; ${known}`],
  ['${constructor}', `unknown template "\${constructor}"; ${known}`],
  ['${rand_int(5,1)}', '${rand_int(from,to)} has its bounds the wrong way round: 5 is more than 1'],
  ['${rand_int(1)}', '${rand_int(from,to)} takes two whole numbers'],
  ['${rand_int(1,x)}', '${rand_int(from,to)} takes two whole numbers'],
  ['${rand_int(0,9999999999)}', '${rand_int(from,to)} spans more than 2^32 numbers'],
  [
    '${rand_float(1,2)}',
    '${rand_float(from,to,decimals)} takes two numbers, and how many decimals to give: 1 to 6',
  ],
  [
    '${rand_float(1,2,7)}',
    '${rand_float(from,to,decimals)} takes two numbers, and how many decimals to give: 1 to 6',
  ],
  ['${rand_float(0.001,2,2)}', '${rand_float(from,to,decimals)} has a bound with more than 2 decimals'],
  [
    '${rand_float(2,1,2)}',
    '${rand_float(from,to,decimals)} has its bounds the wrong way round: 2 is more than 1',
  ],
  ['${rand_float(0,100000,6)}', '${rand_float(from,to,decimals)} spans more than 2^32 numbers'],
  ['${rand_choice()}', '${rand_choice(a,b,...)} takes one choice or more, none of them empty'],
  ['${rand_choice(a,,b)}', '${rand_choice(a,b,...)} takes one choice or more, none of them empty'],
  ['${rand_choice("a","b")}', '${rand_choice(a,b,...)} takes its choices without quotes'],
  ['${rand_string(0)}', '${rand_string(length)} takes a length from 1 to 1024'],
  ['${rand_string(2000)}', '${rand_string(length)} takes a length from 1 to 1024'],
  ['${rand_string}', '${rand_string(length)} takes a length from 1 to 1024'],
  ['${uuid(4)}', '${uuid} takes no arguments'],
  ['/a/${uuid', 'a "${" is never closed'],
  ['${seq as number}', '"as number" works under json, where it is all of a text'],
])('%s is refused', (text, problem) => {
  expect(templateProblems(text)).toEqual([problem]);
});

test.each([
  ['${seq as number}', []],
  ['${rand_int(1,5) as number}', []],
  ['${data.items.price as number}', []],
  ['${rand_choice(1,2.5,-3) as number}', []],
  ['${rand_choice(1,two) as number}', ['${rand_choice} gives no number']],
  ['${uuid as number}', ['${uuid} gives no number']],
  ['n ${seq as number}', ['"as number" works under json, where it is all of a text']],
])('%s under json: %j', (text, problems) => {
  expect(templateProblems(text, 'json')).toEqual(problems);
});

test('whatever the text, looking for problems never throws, and a sound text is filled', () => {
  const words = [
    '${',
    '}',
    'uuid',
    'rand_int',
    'rand_float',
    '(',
    ')',
    '1',
    ',',
    '$',
    ' ',
    'x',
    ' as number',
    'data.',
  ];
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words)).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const isSound = templateProblems(text, 'json').length === 0;
      if (isSound && !text.includes('data.')) expect(typeof template(text)(at(3))).toBe('string');
    }),
  );
});
