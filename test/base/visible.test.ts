import { expect, it } from 'vitest';
import { formatProblem } from '../../src/base/errors.ts';
import { allVisible, visible, visibleLine } from '../../src/base/visible.ts';

it.each([
  ['\u001B[2J\u0007', String.raw`\u{1b}[2J\u{7}`],
  ['\u009B31m', String.raw`\u{9b}31m`],
  ['a\rb\bc\u007F', String.raw`a\u{d}b\u{8}c\u{7f}`],
  ['\u202Egpj.exe\u2066x\u2069', String.raw`\u{202e}gpj.exe\u{2066}x\u{2069}`],
  ['a\u200Bb\uFEFF\u{E0041}\uD800', String.raw`a\u{200b}b\u{feff}\u{e0041}\u{d800}`],
])('what can not be seen is written out: %j', (text, expected) => {
  expect(visible(text)).toBe(expected);
});

it('leaves all other text as it is', () => {
  const text = 'tabs\tand\nbreaks, Grüße, 日本語, עברית, 👩 \\u{1b}';
  expect(visible(text)).toBe(text);
  expect(visibleLine('a\n\tb')).toBe(String.raw`a\u{a}\u{9}b`);
});

it('reaches every text of a value, and the place and the hint of a problem', () => {
  expect(allVisible({ 'k\u0007': ['\u001B', 1, null] })).toEqual({ 'k\\u{7}': ['\\u{1b}', 1, null] });
  const place = { file: 'a\u001B.yaml', line: 1, column: 2 };
  expect(formatProblem({ message: 'm\u202E', place, hint: 'h\u0007' })).toBe(
    'a\\u{1b}.yaml:1:2 m\\u{202e}\n  hint: h\\u{7}',
  );
});
