import { readFile } from 'node:fs/promises';
import { messageOf, type Place } from './errors.ts';
import { parseYaml, refusedYaml, type YamlFile } from './yaml.ts';

/** Reads and parses a YAML file. A file that can't be read is a problem of the place that names it. */
export async function loadYaml(file: string, namedAt?: Place): Promise<YamlFile> {
  const text = await readText(file);
  if (text.ok) return parseYaml(text.value, file);
  return refusedYaml(
    file,
    namedAt === undefined ? { message: text.why } : { message: text.why, place: namedAt },
  );
}

/** What a file holds, or in one line why it can't be read. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Reads a text file. */
export async function readText(file: string): Promise<Read<string>> {
  const read = await readBytes(file);
  return read.ok ? { ok: true, value: read.value.toString('utf8') } : read;
}

/** Reads a file as bytes. */
export async function readBytes(file: string): Promise<Read<Buffer>> {
  try {
    return { ok: true, value: await readFile(file) };
  } catch (error) {
    return { ok: false, why: `can't read ${file}: ${reasonOf(error)}` };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return reasons[code] ?? messageOf(error);
}
