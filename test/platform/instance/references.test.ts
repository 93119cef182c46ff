import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portsAskedFor, resolveReferences } from '../../../src/platform/local/instance/references.ts';

const referents = {
  ownPort: 8123,
  portOf: (name: string) => ({ app: 8123, pgbouncer: 6432 })[name],
  variable: (name: string) => ({ DB_HOST: '127.0.0.1', LOOP: '$(LOOP)$PORT' })[name],
};
const resolved = (text: string): string => resolveReferences(text, referents);

test.each([
  ['-p $PORT', '-p 8123'],
  ['--a=${PORT},${port},$(PORT)', '--a=8123,8123,8123'],
  ['$PORTS $PORT_X', '$PORTS $PORT_X'],
  ['${port:pgbouncer}/${port:nobody}', '6432/${port:nobody}'],
  ['$(DB_HOST):$(UNKNOWN)', '127.0.0.1:$(UNKNOWN)'],
  ['$$(DB_HOST) $$(PORT)', '$(DB_HOST) $(PORT)'],
  ['pa$$word', 'pa$$word'],
  ['$(LOOP)', '$(LOOP)$PORT'],
  ['for i in $(seq 1 3); do echo ${i}; done', 'for i in $(seq 1 3); do echo ${i}; done'],
])('%s becomes %s', (text, expected) => {
  expect(resolved(text)).toBe(expected);
});

test('a text without a dollar sign is never changed', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('$')),
      (text) => resolved(text) === text,
    ),
  );
});

test('says which ports a text asks for, the own one as the empty name', () => {
  expect(portsAskedFor('$PORT ${port:db} $(PORT) $$(PORT) $(HOME)')).toEqual(['', 'db', '']);
});
