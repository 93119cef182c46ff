import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { wallMs } from '../../../src/base/clock.ts';
import { EnvironmentError } from '../../../src/base/errors.ts';
import { makeIdTokens } from '../../../src/load/request/id-token.ts';
import { startMetadataServer } from '../../../src/platform/local/instance/metadata/metadata-server.ts';

afterEach(() => vi.unstubAllEnvs());

const audience = 'https://orders-abc123-ew.a.run.app';

/** The problem of having no token. */
async function problemOf(getting: Promise<unknown>): Promise<string> {
  const error = await getting.catch((thrown: unknown) => thrown);
  if (!(error instanceof EnvironmentError)) throw new Error('no EnvironmentError', { cause: error });
  return error.message;
}

it('a token comes from the metadata server, for the audience, with its end', async () => {
  const facts = { project: 'p', location: 'europe-west1', instance: 'i-1', names: [] };
  const server = await startMetadataServer(facts, '127.0.0.1');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('GCE_METADATA_HOST', `127.0.0.1:${server.port}`);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
  const tokens = makeIdTokens(audience);
  const { token, expiresAtMs } = await tokens.get();
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ aud: audience, exp: expiresAtMs / 1000 });
  expect(expiresAtMs - wallMs()).toBeGreaterThan(3_500_000);
  expect((await tokens.get()).token.split('.')).toHaveLength(3);
  // Which the server answers with 400.
  const refused = await problemOf(makeIdTokens('').get());
  expect(refused).toContain('Could not fetch ID token: ');
  expect(refused.split('\n')).toHaveLength(2);
  await server.close();
});

it('where there are no credentials, that is said, and what to do', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  const message = await problemOf(makeIdTokens(audience).get());
  expect(message).toContain(`no ID token for ${audience}: Could not load the default credentials`);
  expect(message).toContain('hint: set GOOGLE_APPLICATION_CREDENTIALS');
});

it('a key that is none is said in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'poolproof-key-'));
  const file = join(folder, 'key.json');
  await writeFile(
    file,
    JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'none' }),
  );
  for (const path of [file, join(folder, 'missing.json')]) {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', path);
    const [first, ...more] = (await problemOf(makeIdTokens(audience).get())).split('\n');
    expect(first).toMatch(/^no ID token for https:\S+: \S/);
    expect(more).toHaveLength(1);
  }
  await rm(folder, { recursive: true });
});
