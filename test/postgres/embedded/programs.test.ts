import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hydrateLinks } from '../../../src/postgres/embedded/programs.ts';

it('makes the links that an installer left out, in a folder of any name, as often as it is asked to', async () => {
  const root = await mkdtemp(join(tmpdir(), 'poolproof-links-'));
  const native = join(root, 'copied');
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
  await writeFile(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]),
  );
  await hydrateLinks(native);
  await hydrateLinks(native);
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  await rm(root, { recursive: true });
});
