import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { EnvironmentError } from '../../base/errors.ts';

/** The account that Postgres runs under, when that is not the account of this process. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` exists on every system; nothing is added to the machine. */
const candidates = ['postgres', 'nobody'];

/** Postgres refuses to run as root: then it gets an unprivileged account. Null otherwise, for our own. */
export async function findAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of candidates) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== null && gid !== null) return { name, uid, gid };
  }
  throw new EnvironmentError([
    {
      message: 'Postgres does not run as root, and there is no account to run it under',
      hint: `run poolproof as an ordinary account, or add one of: ${candidates.join(', ')}`,
    },
  ]);
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | null> {
  const { stdout } = await execa('id', [flag, name], { reject: false });
  const id = Number.parseInt(stdout, 10);
  return id > 0 ? id : null;
}

/**
 * Whether anybody may read this file or enter this folder, and every folder above it. Asks less than the system
 * would grant (groups, access lists), never more.
 */
export async function isOpenToAll(path: string): Promise<boolean> {
  const readAndEnter = 0o005;
  if (((await stat(path)).mode & readAndEnter) !== readAndEnter) return false;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}
