import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/base/yaml.ts';
import { faultNames } from '../../../src/scenario/chaos/faults.ts';
import { checkDestructive } from '../../../src/scenario/safety/check-destructive.ts';

const source = parseYaml('', 'written.yaml');
const url = 'postgres://api@127.0.0.1/orders';

function messagesFor(fault: string, postgres: object): readonly string[] {
  const ground = { postgres, safety: { allow_exec: true } };
  return checkDestructive([{ at: 'load', do: fault }], ground, source).map(({ message }) => message);
}

/** The faults that a server refuses with these words. */
function refusedWith(words: string, postgres: object): readonly string[] {
  return faultNames.filter((name) => messagesFor(name, postgres).some((text) => text.includes(words)));
}

test('only a server that poolproof started has its processes within reach', () => {
  const wanted = ['db.restart', 'db.freeze', 'db.max_connections'];
  expect(refusedWith('needs the processes', { url, admin_url: url })).toEqual(wanted);
  expect(refusedWith('needs the processes', { embedded: {} })).toEqual([]);
});

test('faults on the database need an administrator, and a word for each on a server of somebody else', () => {
  const wanted = [
    'db.half_open',
    'db.hold',
    'db.terminate',
    'db.lock',
    'db.slow',
    'db.role_limit',
    'db.rotate_password',
    'db.expire_credentials',
  ];
  expect(refusedWith('needs a role that may administer', { url })).toEqual(wanted);
  expect(refusedWith('does harm on a server', { url, admin_url: url })).toEqual(wanted);
  expect(refusedWith('', { embedded: {} })).toEqual([]);
});
