import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import { readBounded } from '../base/read-bounded.ts';
import { shown } from '../base/secrets/secrets.ts';

/** Writes one file of a run's folder; a reader sees the old content or the new, never half of it. */
export async function writeRunFile(folder: string, name: string, content: string): Promise<void> {
  try {
    await writeWhole(join(folder, name), shown(content));
  } catch (error) {
    throw new EnvironmentError([{ message: `can't write ${join(folder, name)}: ${messageOf(error)}` }]);
  }
}

/** Far more than `run.json`, a manifest or a summary has. */
const mostBytes = 64 * 1024 * 1024;

/** Reads one file of a run's folder as text; rejects when there is none. */
export async function readRunFile(folder: string, name: string): Promise<string> {
  return (await readBounded(join(folder, name), mostBytes)).toString('utf8');
}

/** The name of a run's folder: its start in UTC, to the second, and the scenario's name. */
export function runFolderName(startedAtMs: number, name: string): string {
  const started = `${new Date(startedAtMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  const safe = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80);
  return `${started}-${safe}`;
}

/** Writes to a temporary name, forces it to the disk and renames it; leaves nothing half written behind. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    // A link of that name would lead the content elsewhere.
    await rm(temporary, { force: true });
    await writeFile(temporary, content, { flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
