import { expect, it } from 'vitest';
import { compileJsonPath } from '../../../src/scenario/requests/json-path.ts';

const nested = (depth: number): unknown =>
  depth === 0 ? 1 : { a: nested(depth - 1), b: [nested(depth - 1)] };

it.each([
  ['a pattern that backtracks', "$[?search(@, '(a|aa)+!b')]", { x: 'a'.repeat(60) }],
  ['descendants of descendants', '$..*..*..*..*..*..*', nested(7)],
  [
    'indexes that multiply',
    `$${'[0,0,0]'.repeat(30)}`,
    JSON.parse(`${'['.repeat(31)}1${']'.repeat(31)}`) as unknown,
  ],
])('%s is stopped, and not tried again', (_, path, body) => {
  const find = compileJsonPath(path);
  const fromMs = performance.now();
  for (let time = 0; time < 20; time += 1) expect(() => find(body)).toThrow();
  expect(performance.now() - fromMs).toBeLessThan(1000);
});

it('finds with a limit what it finds without', () => {
  const body = { items: [{ id: 1 }, { id: 2 }], 'a-b': { c: null } };
  expect(compileJsonPath('$.items[*].id')(body)).toEqual([1, 2]);
  expect(compileJsonPath('$.items[?@.id > 1].id')(body)).toEqual([2]);
  expect(compileJsonPath("$['a-b'].c")(body)).toEqual([null]);
  expect(compileJsonPath('$..id')(body)).toEqual([1, 2]);
});
