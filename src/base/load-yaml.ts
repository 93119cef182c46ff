import { isUtf8 } from 'node:buffer';
import { messageOf, type Place } from './errors.ts';
import { readBounded } from './read-bounded.ts';
import { parseYaml, refusedYaml, type YamlFile } from './yaml.ts';

const mebibyte = 1024 * 1024;

/** The most that is read of a file for people. */
const mostOfYaml = 4 * mebibyte;
/** The most that is read of any other text, such as a recorded list of requests. */
export const mostOfText = 64 * mebibyte;

/** Reads and parses a YAML file. A file that can't be read is a problem of the place that names it. */
export async function loadYaml(file: string, namedAt?: Place): Promise<YamlFile> {
  const text = await readText(file, mostOfYaml);
  if (text.ok) return parseYaml(text.value, file);
  return refusedYaml(
    file,
    namedAt === undefined ? { message: text.why } : { message: text.why, place: namedAt },
  );
}

/** What a file holds, or in one line why it can't be read. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** Reads a text file. Bytes that are no UTF-8 would silently become other text, so they are refused. */
export async function readText(file: string, mostBytes: number = mostOfText): Promise<Read<string>> {
  const read = await readBytes(file, mostBytes);
  if (!read.ok) return read;
  if (!isUtf8(read.value)) return { ok: false, why: `can't read ${file}: it is not text in UTF-8` };
  if (read.value.includes(0)) return { ok: false, why: `can't read ${file}: it holds a NUL character` };
  return { ok: true, value: read.value.toString('utf8').replace(/^\uFEFF/, '') };
}

/** Reads a file as bytes. */
export async function readBytes(file: string, mostBytes: number): Promise<Read<Buffer>> {
  try {
    return { ok: true, value: await readBounded(file, mostBytes) };
  } catch (error) {
    return { ok: false, why: `can't read ${file}: ${reasonOf(error)}` };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  ENXIO: 'it is no regular file',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return reasons[code] ?? messageOf(error);
}
