import { expect, test } from 'vitest';
import { withLocalPaths } from '../../../src/platform/local/instance/volume-paths.ts';

const volumes = [
  { mounted: '/cloudsql', local: '/tmp/pp-1/cloudsql' },
  { mounted: '/opt/vault/root.pem', local: '/tmp/pp-1/v1' },
  { mounted: '/opt/vault', local: '/tmp/pp-1/v2' },
];

test.each([
  ['/cloudsql', '/tmp/pp-1/cloudsql'],
  ['/cloudsql/p:r:i', '/tmp/pp-1/cloudsql/p:r:i'],
  [
    'host=/cloudsql/p:r:i sslrootcert=/opt/vault/root.pem/value',
    'host=/tmp/pp-1/cloudsql/p:r:i sslrootcert=/tmp/pp-1/v1/value',
  ],
  ['cp -r /opt/vault /opt/secrets', 'cp -r /tmp/pp-1/v2 /opt/secrets'],
  ['file:///opt/vault/key', 'file:///tmp/pp-1/v2/key'],
  ['/srv/cloudsql', '/srv/cloudsql'],
  ['https://host/cloudsql', 'https://host/cloudsql'],
  ['${HOME}/cloudsql', '${HOME}/cloudsql'],
  ['/cloudsql2 /cloudsql.d /cloudsql-x', '/cloudsql2 /cloudsql.d /cloudsql-x'],
])('%s becomes %s', (text, expected) => {
  expect(withLocalPaths(text, volumes)).toBe(expected);
});
