import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { scramVerifier } from '../../src/chaos/scram-verifier.ts';
import { identifier } from '../../src/chaos/sql.ts';
import { isUndoStatement } from '../../src/chaos/undo-statements.ts';

const role = identifier('o"dd; drop role x --');

it.each([
  `alter role ${role} connection limit -1`,
  `alter role "app" valid until 'infinity'`,
  `alter role "app" valid until '2027-01-01 00:00:00.5+00'`,
  `alter role "app" password null`,
  `alter role "app" password 'md5${'0a'.repeat(16)}'`,
  'alter system set max_connections = 100',
  'alter system reset max_connections',
])('what poolproof writes is one: %s', (sql) => {
  expect(isUndoStatement(sql)).toBe(true);
});

it('is one that gives a role its verifier back', async () => {
  const verifier = await scramVerifier('secret', randomBytes(16));
  expect(isUndoStatement(`alter role ${role} password '${verifier}'`)).toBe(true);
});

it.each([
  'drop table orders',
  'alter role "app" superuser',
  'alter role "app" connection limit 5 superuser',
  'alter role "app" connection limit 5; drop table orders',
  'alter role app connection limit 5',
  'alter role "a" superuser; alter role "b" connection limit 5',
  `alter role "app" valid until 'infinity'; select pg_sleep(1) --'`,
  `alter role "app" password 'hunter2'`,
  `alter role "app" valid until '\\'; drop table x --'`,
  'alter system set archive_command = 1',
  'alter system set max_connections = 100\n; drop table x',
  `alter role "${'""'.repeat(500_000)}" connection limit x`,
])('nothing else is one: %s', (sql) => {
  expect(isUndoStatement(sql)).toBe(false);
});
