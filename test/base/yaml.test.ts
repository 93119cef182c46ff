import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseYaml } from '../../src/base/yaml.ts';

const text = `service:
  name: api
  pools: &pools
    - size: 4
    - { size: 8 }
other: *pools
8080: port
`;

test('every value and every key knows its line and column', () => {
  const file = parseYaml(text, 'a.yaml');
  const at = (path: readonly (string | number)[]) => {
    const { line, column } = file.placeOf(path);
    return `${line}:${column}`;
  };
  expect(at(['service', 'name'])).toBe('2:9');
  expect(at(['service', 'pools', 1, 'size'])).toBe('5:15');
  expect(at(['other', 0, 'size'])).toBe('4:13');
  expect(at(['8080'])).toBe('7:7');
  expect(file.placeOfKey(['service', 'pools'])).toEqual({ file: 'a.yaml', line: 3, column: 3 });
});

test('a path that does not exist stands where its nearest parent stands', () => {
  const file = parseYaml(text, 'a.yaml');
  expect(file.placeOf(['service', 'pools', 7, 'size'])).toEqual(file.placeOf(['service', 'pools']));
  expect(file.placeOf(['nothing', 'here'])).toMatchObject({ line: 1, column: 1 });
});

test('a key without a value stands where the key stands', () => {
  const file = parseYaml('a:\n  b:\n  c: 1\n', 'a.yaml');
  expect(file.placeOf(['a', 'b'])).toMatchObject({ line: 2 });
});

test.each([
  ['a duplicate key', 'a: 1\na: 2\n', 2, 'Map keys must be unique'],
  ['broken syntax', 'a: [1, 2\nb: 3\n', 2, 'Flow sequence'],
  ['an alias to nothing', 'a: *nowhere\n', 1, 'Unresolved alias'],
  ['a tag nobody knows', 'a: !secret x\n', 1, 'Unresolved tag'],
  ['a second document', 'a: 1\n---\nb: 2\n', 2, 'multiple documents'],
])('%s is a problem with its line', (_, broken, line, message) => {
  const file = parseYaml(broken, 'a.yaml');
  expect(file.problems[0]?.message).toContain(message);
  expect(file.problems[0]?.place?.line).toBe(line);
  expect(file.value).toBeUndefined();
});

test('words that YAML 1.1 took for booleans, octals and times stay what they look like', () => {
  const file = parseYaml('a: yes\nb: on\nc: 012\nd: 10:30\ne: 2026-11-21\n', 'a.yaml');
  expect(file.value).toEqual({ a: 'yes', b: 'on', c: 12, d: '10:30', e: '2026-11-21' });
});

test('aliases that multiply are refused instead of filling the memory', () => {
  const level = (n: number) =>
    `a${n}: &a${n} [${Array.from({ length: 9 }, () => (n === 0 ? 'x' : `*a${n - 1}`)).join(',')}]\n`;
  const bomb = Array.from({ length: 9 }, (_, n) => level(n)).join('');
  expect(parseYaml(bomb, 'a.yaml').problems[0]?.message).toContain('alias');
});

test.each([
  ['brackets', '['.repeat(50_000)],
  ['list items on one line', `${'- '.repeat(50_000)}x`],
  ['sheer length', `a: ${'x'.repeat(2 ** 21)}`],
])('a file that would exhaust the parser by %s is refused', (_, excess) => {
  const file = parseYaml(excess, 'a.yaml');
  expect(file.problems).toHaveLength(1);
  expect(file.problems[0]?.place).toEqual({ file: 'a.yaml', line: 1, column: 1 });
});

test('whatever the text, parsing never throws and every problem has a place inside it', () => {
  const token = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    '&x',
    '*x',
    '!t',
    '|',
    '#',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(token).map((tokens) => tokens.join('')),
  );
  fc.assert(
    fc.property(texts, (any) => {
      const file = parseYaml(any, 'a.yaml');
      for (const { place } of file.problems) expect(place?.line).toBeGreaterThanOrEqual(1);
      expect(file.placeOf(['a', 0]).line).toBeGreaterThanOrEqual(1);
    }),
  );
});

test('a plain value is known as it was written', () => {
  const source = parseYaml('a: { mode: 0400, on: yes }\nb: [0x10]\nc: &x 007\nd: *x\n', 'modes.yaml');
  expect(source.textOf(['a', 'mode'])).toBe('0400');
  expect(source.textOf(['d'])).toBe('007');
  expect(source.textOf(['b', 0])).toBe('0x10');
  for (const path of [['a'], ['a', 'none'], ['a', 'mode', 'deeper'], ['b', 1]])
    expect(source.textOf(path)).toBeUndefined();
});
