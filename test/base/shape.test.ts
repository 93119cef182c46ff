import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatProblem } from '../../src/base/errors.ts';
import { checkShape } from '../../src/base/shape.ts';
import { parseYaml } from '../../src/base/yaml.ts';

const pool = z.strictObject({ size: z.int().min(1, 'must be at least 1'), name: z.string().optional() });
const schema = z.strictObject({
  pools: z.array(pool).optional(),
  main: z.union([z.string(), pool]).optional(),
  limit: z.number(),
});

function problems(text: string): readonly string[] {
  const source = parseYaml(text, 'a.yaml');
  const checked = checkShape(schema, source, source.value);
  return checked.ok ? [] : checked.problems.map(formatProblem);
}

test('a sound value comes back in its shape', () => {
  const source = parseYaml('limit: 5\nmain: { size: 2 }\n', 'a.yaml');
  expect(checkShape(schema, source, source.value)).toEqual({
    ok: true,
    value: { limit: 5, main: { size: 2 } },
  });
});

test('a missing key is called missing, at the place of its parent', () => {
  expect(problems('pools:\n  - name: x\nlimit: 1\n')).toEqual(['a.yaml:2:5 pools.0.size: missing']);
});

test('a wrong type says what was expected and what is there', () => {
  expect(problems('limit: "5"')).toEqual(['a.yaml:1:8 limit: expected a number, got "5"']);
  expect(problems('limit: [5]')).toEqual(['a.yaml:1:8 limit: expected a number, got a list']);
  expect(problems('limit:')).toEqual(['a.yaml:1:7 limit: expected a number, got nothing']);
  expect(problems('limit: 5\npools: { size: 1 }')).toEqual([
    'a.yaml:2:8 pools: expected a list, got keys with values',
  ]);
});

test('a slip in a key names the nearest known one, and the place of the key', () => {
  expect(problems('limt: 5\nlimit: 5')).toEqual([
    'a.yaml:1:1 unknown key "limt"\n  hint: did you mean "limit"?',
  ]);
  expect(problems('limit: 5\npools:\n  - { size: 1, nam: x }')).toEqual([
    'a.yaml:3:16 unknown key "pools.0.nam"\n  hint: did you mean "name"?',
  ]);
});

test('a key that resembles nothing lists what is known', () => {
  expect(problems('limit: 5\nchocolate: 1')[0]).toContain('hint: known here: pools, main, limit');
});

test('of the options of a union the one that was meant is explained', () => {
  expect(problems('limit: 5\nmain: { size: 0 }')).toEqual(['a.yaml:2:15 main.size: must be at least 1']);
  expect(problems('limit: 5\nmain: { sze: 1, size: 2 }')).toEqual([
    'a.yaml:2:9 unknown key "main.sze"\n  hint: did you mean "size"?',
  ]);
});

test('all problems come at once', () => {
  expect(problems('limit: x\npools:\n  - { size: 0 }\n  - { size: 1.5 }\nlimt: 1\n')).toHaveLength(4);
});

test('a value that stands deeper in a file keeps the places of that file', () => {
  const source = parseYaml('a:\n  inline:\n    limit: x\n', 'a.yaml');
  const checked = checkShape(schema, source, { limit: 'x' }, ['a', 'inline']);
  expect(checked.ok ? [] : checked.problems.map(formatProblem)).toEqual([
    'a.yaml:3:12 a.inline.limit: expected a number, got "x"',
  ]);
});
