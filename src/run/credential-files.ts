import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProcessGuard } from '../base/process-guard.ts';
import type { Login } from '../postgres/postgres-server.ts';

/** Each service's password in a file of its own, for services that re-read it. */
export interface CredentialFiles {
  /** By the service's name. */
  readonly paths: Readonly<Record<string, string>>;
  /** Null restores the first one. */
  publish(service: string, password: string | null): Promise<void>;
  remove(): Promise<void>;
}

const none: CredentialFiles = {
  paths: {},
  publish: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};

/**
 * The files are in a folder that no other account can enter and that is removed with the run, however it ends. Each has
 * a folder of its own below it, which is all that a container sees: any account in there may read that one file.
 */
export async function makeCredentialFiles(
  logins: Readonly<Record<string, Login>>,
  guard: ProcessGuard | null,
): Promise<CredentialFiles> {
  if (Object.keys(logins).length === 0) return none;
  const folder = join(tmpdir(), `poolproof-credentials-${randomUUID()}`);
  // Told first: however early this process is killed, nothing stays.
  guard?.removeAfter(folder);
  await mkdir(folder, { mode: 0o700 });
  const paths = Object.fromEntries(
    Object.keys(logins).map((name, index) => [name, join(folder, String(index + 1), 'password')]),
  );
  const publish = async (service: string, password: string | null): Promise<void> => {
    const path = paths[service];
    if (path !== undefined) await writeSecret(path, password ?? logins[service]?.password ?? '');
  };
  for (const path of Object.values(paths)) await mkdir(dirname(path), { mode: 0o755 });
  for (const service of Object.keys(logins)) await publish(service, null);
  return { paths, publish, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Atomic: a reader finds the old password or the new one. */
async function writeSecret(path: string, secret: string): Promise<void> {
  const file = await open(`${path}.tmp`, 'w', 0o644);
  try {
    await file.writeFile(secret);
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}
