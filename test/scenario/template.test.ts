import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileTemplate, templateProblems } from '../../src/scenario/template.ts';

test('a text without templates stays as it is', () => {
  expect(compileTemplate('/orders?x=$1', 42, 'read/path')(7)).toBe('/orders?x=$1');
});

test('an arrival gets the same text every time, whatever came before it', () => {
  const fill = compileTemplate('/${rand_int(1,1000000)}/${uuid}/${seq}', 42, 'read/path');
  const again = compileTemplate('/${rand_int(1,1000000)}/${uuid}/${seq}', 42, 'read/path');
  const forward = [0, 1, 2, 3].map(fill);
  const backward = [3, 2, 1, 0].map(again).reverse();
  expect(backward).toEqual(forward);
});

test('another seed, stream, arrival or placeholder gives another value', () => {
  const one = compileTemplate('${uuid}', 42, 'a')(0);
  expect(compileTemplate('${uuid}', 43, 'a')(0)).not.toBe(one);
  expect(compileTemplate('${uuid}', 42, 'b')(0)).not.toBe(one);
  expect(compileTemplate('${uuid}', 42, 'a')(1)).not.toBe(one);
  const [first, second] = compileTemplate('${uuid} ${uuid}', 42, 'a')(0).split(' ');
  expect(second).not.toBe(first);
});

test('uuids are of version 4 and do not repeat', () => {
  const fill = compileTemplate('${uuid}', 42, 'write/body');
  const all = Array.from({ length: 20_000 }, (_, arrival) => fill(arrival));
  for (const one of all.slice(0, 500))
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(all).size).toBe(all.length);
});

test('rand_int reaches both of its bounds and nothing beyond', () => {
  const fill = compileTemplate('${rand_int(-1, 3)}', 42, 'read/path');
  const seen = new Set(Array.from({ length: 1000 }, (_, arrival) => fill(arrival)));
  expect([...seen].map(Number).sort((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3]);
});

test('rand_int stays between its bounds', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(2 ** 31), fc.nat(), (from, span, arrival) => {
      const value = Number(compileTemplate(`\${rand_int(${from},${from + span})}`, 1, 's')(arrival));
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(from + span);
    }),
  );
});

test('seq is the number of the arrival', () => {
  expect(compileTemplate('n=${seq}', 42, 's')(17)).toBe('n=17');
});

test.each([
  ['${rand_itn(1,2)}', 'unknown template "${rand_itn(1,2)}"; did you mean ${rand_int(from,to)}?'],
  ['${data.items.id}', 'unknown template "${data.items.id}"; known: ${rand_int(from,to)}, ${uuid}, ${seq}'],
  ['${}', 'unknown template "${}"; known: ${rand_int(from,to)}, ${uuid}, ${seq}'],
  ['${constructor}', 'unknown template "${constructor}"; known: ${rand_int(from,to)}, ${uuid}, ${seq}'],
  ['${rand_int(5,1)}', '${rand_int(from,to)} has its bounds the wrong way round: 5 is more than 1'],
  ['${rand_int(1)}', '${rand_int(from,to)} takes two whole numbers'],
  ['${rand_int(1,x)}', '${rand_int(from,to)} takes two whole numbers'],
  ['${rand_int(0,9999999999)}', '${rand_int(from,to)} spans more than 2^32 numbers'],
  ['${uuid(4)}', '${uuid} takes no arguments'],
  ['/a/${uuid', 'a "${" is never closed'],
])('%s is refused', (text, problem) => {
  expect(templateProblems(text)).toEqual([problem]);
});

test('whatever the text, looking for problems and filling never throw', () => {
  const piece = fc.constantFrom('${', '}', 'uuid', 'rand_int', '(', ')', '1', ',', '$', ' ', 'x');
  const texts = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      templateProblems(text);
      expect(typeof compileTemplate(text, 1, 's')(3)).toBe('string');
    }),
  );
});
