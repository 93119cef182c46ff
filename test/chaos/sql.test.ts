import { expect, test } from 'vitest';
import { scramVerifier } from '../../src/chaos/scram-verifier.ts';
import { identifier, literal, tableName } from '../../src/chaos/sql.ts';

test('names and texts stay what they are, whatever stands in them', () => {
  expect(identifier('a"; drop table x; --')).toBe('"a""; drop table x; --"');
  expect(literal("it's")).toBe("'it''s'");
  expect(literal("a\\'b")).toBe(" E'a\\\\''b'");
  expect(tableName('Shop.Orders')).toBe('"shop"."orders"');
});

test('a password becomes the verifier that PostgreSQL itself would store', async () => {
  // Made by PostgreSQL 18 of the password "secret".
  const stored =
    'SCRAM-SHA-256$4096:lX7T7erOIerWfIRoAUUBzA==$U8uGTgAHWejYaWSliIgQqhks/k3gYFbzuVku5MFAYL0=:EUt0xwbQkJHNzwJAnYnpLZQ+S5GzJ/f61Pjo3D53vEE=';
  const salt = Buffer.from(stored.split('$')[1]!.split(':')[1]!, 'base64');
  expect(await scramVerifier('secret', salt)).toBe(stored);
});
