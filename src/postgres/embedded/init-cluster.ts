import { appendFile, chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { EnvironmentError, InterruptedError } from '../../base/errors.ts';
import type { ProcessGuard } from '../../base/process-guard.ts';
import type { Account } from './account.ts';
import { serverEnvironment } from './settings.ts';
import type { Programs } from './programs.ts';
import type { ServerFolder } from './server-folder.ts';

const timeoutMs = 60_000;

/** What making a cluster needs. */
export interface ClusterOrders {
  readonly programs: Programs;
  readonly folder: ServerFolder;
  readonly account: Account | null;
  readonly superuser: { readonly name: string; readonly password: string };
  readonly guard: ProcessGuard;
  readonly signal: AbortSignal;
}

/** Makes an empty cluster that lets nobody in without a password. */
export async function initCluster(orders: ClusterOrders): Promise<void> {
  const { folder, account, superuser } = orders;
  // A file, since arguments and environment can be read by others on the machine.
  const passwordFile = join(folder.path, 'password');
  await writeFile(passwordFile, `${superuser.password}\n`, { mode: 0o600 });
  if (account !== null) await chown(passwordFile, account.uid, account.gid);
  try {
    await runInitdb(orders, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(orders: ClusterOrders, passwordFile: string): Promise<void> {
  const { programs, folder, account, superuser, guard, signal } = orders;
  const run = execa(
    programs.initdb,
    [
      `--pgdata=${folder.data}`,
      `--username=${superuser.name}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // The data does not outlive the run: no fsync, no checksums.
      '--no-sync',
      '--no-data-checksums',
      '--no-instructions',
    ],
    {
      ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
      env: serverEnvironment,
      extendEnv: false,
      cwd: folder.path,
      all: true,
      reject: false,
      detached: true,
      timeout: timeoutMs,
      cancelSignal: signal,
    },
  );
  if (run.pid !== undefined) guard.watch(run.pid, 'SIGKILL');
  const result = await run;
  if (run.pid !== undefined) guard.release(run.pid);
  if (result.isCanceled) throw new InterruptedError([{ message: 'stopped while Postgres was being made' }]);
  if (result.failed) {
    const said = result.all.trim().split('\n').slice(-3).join(' | ');
    const hint = 'it needs 100 MB where TMPDIR points to, and some MB in /dev/shm';
    throw new EnvironmentError([
      { message: `initdb failed: ${said === '' ? result.shortMessage : said}`, hint },
    ]);
  }
}

/** Appends settings to those the cluster was made with. */
export async function configureCluster(folder: ServerFolder, settings: string): Promise<void> {
  await appendFile(join(folder.data, 'postgresql.conf'), `\n${settings}`);
}
