import { chown, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenToAll, type Account } from './account.ts';

/** Where a server keeps its files. */
export interface ServerFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
  /** The log in jsonlog form, which the server creates when it starts. */
  readonly logFile: string;
}

/** Makes a fresh folder for temporary files, closed to everybody but the account. */
export async function makeServerFolder(account: Account | null): Promise<ServerFolder> {
  const path = await mkdtemp(join(await temporaryRoot(account), 'poolproof-postgres-'));
  if (account !== null) await chown(path, account.uid, account.gid);
  const log = join(path, 'log');
  return { path, data: join(path, 'data'), log, logFile: join(log, 'server.json') };
}

/** Removes the folder; a process that is ending may still write a file into it. */
export async function removeServerFolder(folder: ServerFolder): Promise<void> {
  await rm(folder.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The system's own choice, unless the account can't get there (`TMPDIR` of root alone). */
async function temporaryRoot(account: Account | null): Promise<string> {
  const preferred = await realpath(tmpdir());
  if (account === null || (await isOpenToAll(preferred))) return preferred;
  const common = '/tmp';
  return (await stat(common)).isDirectory() ? common : preferred;
}
