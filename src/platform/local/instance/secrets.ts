import { basename } from 'node:path';
import { EnvironmentError, messageOf } from '../../../base/errors.ts';
import { mostOfText } from '../../../base/load-yaml.ts';
import { readBounded } from '../../../base/read-bounded.ts';
import type { RevisionSpec } from '../../../contract/cloud-run/revision-spec.ts';

/** The contents of a revision's secrets that have a file here, by the revision's name for them. */
export async function readSecrets(
  spec: Pick<RevisionSpec, 'containers' | 'volumes'>,
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Buffer>> {
  const names = [
    ...spec.containers.flatMap(({ env }) => env.flatMap((one) => ('secret' in one ? [one.secret] : []))),
    ...spec.volumes.flatMap((one) => (one.kind === 'secret' ? [one.secret] : [])),
  ];
  const read = new Map<string, Buffer>();
  for (const name of new Set(names)) {
    // The Admin API also takes `projects/P/secrets/NAME`.
    const file = files[name] ?? files[basename(name)];
    if (file !== undefined) read.set(name, await readSecret(name, file));
  }
  return read;
}

/** Secrets as variables, without the final newline that editors leave. */
export function secretTexts(secrets: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  return new Map([...secrets].map(([name, value]) => [name, value.toString('utf8').replace(/\r?\n$/, '')]));
}

async function readSecret(name: string, file: string): Promise<Buffer> {
  try {
    return await readBounded(file, mostOfText);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(
      [{ message: `can't read the file of the secret ${name}: ${file} (${code ?? messageOf(error)})` }],
      { cause: error },
    );
  }
}
