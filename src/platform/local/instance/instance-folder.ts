import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { EnvironmentError } from '../../../base/errors.ts';
import type { ProcessGuard } from '../../../base/process-guard.ts';
import type { VolumeSpec } from '../../../contract/cloud-run/revision-spec.ts';
import { missingSecret } from './container-env.ts';

/** The files of one instance, in a folder that only this user may enter. */
export interface InstanceFolder {
  /** Where each volume is, by its name. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Sockets that the link must listen on besides its port. */
  readonly sockets: readonly string[];
  /** Makes the sockets known under another port: libpq looks for the one that PGPORT names. */
  readonly alias: (port: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const socketName = (port: number): string => `.s.PGSQL.${port}`;
const defaultPort = 5432;

/** Bytes of a socket's path without the final zero: the system's limit is 108 on Linux, 104 elsewhere. */
const maxSocketBytes = process.platform === 'linux' ? 107 : 103;

/**
 * Makes the volumes of one instance. Throws `EnvironmentError` for a secret without a file, and for a socket
 * whose path would be too long for the system.
 */
export async function makeInstanceFolder(
  volumes: readonly VolumeSpec[],
  secrets: ReadonlyMap<string, Buffer>,
  guard: Pick<ProcessGuard, 'removeAfter'>,
): Promise<InstanceFolder> {
  // A short name: what is below it has to fit a socket's path.
  const folder = await mkdtemp(join(tmpdir(), 'pp-'));
  guard.removeAfter(folder);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const places = new Map<string, string>();
    const sockets: string[] = [];
    for (const [index, volume] of volumes.entries()) {
      const place = join(folder, volume.kind === 'cloud_sql' ? 'cloudsql' : `v${index}`);
      places.set(volume.name, place);
      await mkdir(place, { recursive: true });
      if (volume.kind === 'secret') await writeSecret(volume, place, secrets);
      if (volume.kind === 'cloud_sql')
        for (const name of volume.instances) sockets.push(await socketPlace(place, name));
    }
    return { volumes: places, sockets, alias: (port) => linkSockets(sockets, port), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function writeSecret(
  { name, secret, items }: Extract<VolumeSpec, { kind: 'secret' }>,
  place: string,
  secrets: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const value = secrets.get(secret);
  if (value === undefined) throw missingSecret(secret, `the volume ${name}`);
  for (const { path, mode } of items) {
    const inside = normalize(path);
    if (inside.startsWith('/') || inside.split('/').includes('..'))
      throw refusal(`the volume ${name} has a file outside of itself: ${path}`);
    const file = join(place, inside);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, value, { mode: 0o600 });
    // Not left to the umask.
    await chmod(file, mode);
  }
}

/** Where clients look for the socket of a Cloud SQL instance, such as `shop:europe-west1:main`. */
async function socketPlace(place: string, name: string): Promise<string> {
  if (!/^[\w.-]+(?::[\w.-]+)+$/.test(name))
    throw refusal(`a Cloud SQL instance is named PROJECT:REGION:INSTANCE, got ${JSON.stringify(name)}`);
  const path = join(place, name, socketName(defaultPort));
  // A port may have one digit more than the default.
  if (Buffer.byteLength(path) + 1 > maxSocketBytes)
    throw refusal(
      `the socket of the Cloud SQL instance ${name} would have a path of ${Buffer.byteLength(path)} bytes; ${maxSocketBytes - 1} are possible`,
      `a shorter folder for temporary files helps: TMPDIR is ${tmpdir()} now`,
    );
  await mkdir(dirname(path), { recursive: true });
  return path;
}

async function linkSockets(sockets: readonly string[], port: number): Promise<void> {
  for (const socket of sockets)
    await symlink(socketName(defaultPort), join(dirname(socket), socketName(port)));
}

function refusal(message: string, hint?: string): EnvironmentError {
  return new EnvironmentError([{ message, ...(hint === undefined ? {} : { hint }) }]);
}
