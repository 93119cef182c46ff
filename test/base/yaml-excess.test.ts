import { expect, test } from 'vitest';
import { parseYaml } from '../../src/base/yaml.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

test.each([
  ['lines', '#\n'.repeat(60_000), 1],
  ['items on one line', `a: [${'[],'.repeat(60_000)}]`, 1],
  ['keys', lines(60_000, (index) => `k${index}: 1`), 1],
  ['keys of one mapping', `a:\n${lines(2000, (index) => `  k${index}: 1`)}`, 2],
  ['indents', lines(1000, (index) => `${' '.repeat(index)}a:`), 1],
  ['list items within each other', lines(1000, (index) => `${' '.repeat(index)}-`), 1],
  ['aliases', `a: &a 1\nb: [${'*a,'.repeat(900)}*a]\nc: [${'*a,'.repeat(900)}*a]\n`, 3],
  ['an alias within what it stands for', 'x: 1\na: &a { b: [*a] }\n', 2],
])('too many %s are refused with the place, within a second', (_, text, line) => {
  const fromMs = performance.now();
  const { problems, value } = parseYaml(text, 'a.yaml');
  expect(problems[0]?.place?.line).toBe(line);
  expect(value).toBeUndefined();
  expect(performance.now() - fromMs).toBeLessThan(1000);
});

test('an anchor that is set anew may be used within its second value', () => {
  expect(parseYaml('a: &a 1\nb: &b [*a]\nc: &a [*a]\nd: *b\n', 'a.yaml').problems).toHaveLength(1);
  expect(parseYaml('a: &a 1\nb: &b [*a]\nd: *b\n', 'a.yaml').value).toEqual({ a: 1, b: [1], d: [1] });
});
