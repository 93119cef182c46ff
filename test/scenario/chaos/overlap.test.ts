import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/base/yaml.ts';
import { chaosShape } from '../../../src/scenario/chaos/chaos-codec.ts';
import { readChaos } from '../../../src/scenario/chaos/read-chaos.ts';

const setting = {
  phases: [{ name: 'load', durationMs: 10_000 }],
  services: ['api', 'worker'] as const,
};

/** Whether both may be in force at once, one for each of two services. */
function mayOverlap(one: object, other: object): boolean {
  const steps = chaosShape.parse([
    { at: '1s', for: '3s', service: 'api', ...one },
    { at: '2s', for: '1s', service: 'worker', ...other },
  ]);
  return readChaos(steps, setting, parseYaml('', 'written.yaml')).ok;
}

test.each([
  { do: 'db.hold', with: { leave_free: 2 } },
  { do: 'db.freeze', with: { what: 'accepting' } },
  { do: 'db.max_connections', with: { value: 20 } },
])('there is one server: two $do at once are refused, whichever services they name', (fault) => {
  expect(mayOverlap(fault, fault)).toBe(false);
});

test('a fault of one service may overlap with the same fault of another', () => {
  const limit = { do: 'db.role_limit', with: { connections: 1 } };
  expect(mayOverlap(limit, limit)).toBe(true);
  expect(mayOverlap(limit, { ...limit, service: 'api' })).toBe(false);
});

test('two faults that put back one password are refused, though they are two', () => {
  const expire = { do: 'db.expire_credentials' };
  expect(mayOverlap({ do: 'db.rotate_password' }, expire)).toBe(true);
  expect(mayOverlap({ do: 'db.rotate_password' }, { ...expire, service: 'api' })).toBe(false);
});
