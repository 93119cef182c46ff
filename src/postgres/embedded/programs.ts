import { access, constants, lstat, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { isOpenToAll, type Account } from './account.ts';

/** The two programs that make a server. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the installed programs runnable under the account. In place where that works; otherwise (a checkout in
 * root's own home, a read-only installation) from a copy in the server's folder.
 */
export async function preparePrograms(
  native: string,
  folder: string,
  account: Account | null,
): Promise<Programs> {
  const inPlace = (await isReadable(native, account)) && (await hydrateLinks(native).then(yes, no));
  if (inPlace) return programsIn(native);
  const copy = join(folder, 'native');
  await execa('cp', ['-RP', native, copy]);
  await hydrateLinks(copy);
  if (account !== null) await execa('chown', ['-RP', `${account.uid}:${account.gid}`, copy]);
  return programsIn(copy);
}

const yes = (): boolean => true;
const no = (): boolean => false;

function programsIn(native: string): Programs {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function isReadable(native: string, account: Account | null): Promise<boolean> {
  const { postgres } = programsIn(native);
  if (account !== null) return isOpenToAll(postgres);
  return access(postgres, constants.X_OK).then(yes, no);
}

/**
 * npm packages hold no symbolic links, but the shared libraries need theirs. The package makes them in an install
 * script, which installers may skip; so they are made here, those that are missing.
 */
export async function hydrateLinks(native: string): Promise<void> {
  const list = linkList.parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')));
  const root = dirname(native);
  for (const { source, target } of list) {
    // The list names `native/...`, whatever the folder is called here.
    const link = join(native, relative('native', target));
    if (await exists(link)) continue;
    const text = relative(dirname(join(root, target)), join(root, source));
    await symlink(text, link).catch(ignoreIfMadeMeanwhile);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(yes, no);
}

function ignoreIfMadeMeanwhile(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
