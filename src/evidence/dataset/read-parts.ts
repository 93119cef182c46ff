import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Table } from './table.ts';

/** All rows of a table, in the order of the parts' names, and what could not be read, in words. */
export async function readParts<Row>(
  folder: string,
  table: Table<Row>,
): Promise<{ readonly rows: Row[]; readonly gaps: readonly string[] }> {
  const names = await readdir(join(folder, table.name)).catch(() => null);
  if (names === null) return { rows: [], gaps: [`${table.name}/ is missing`] };
  const { decodePart } = await import('./part-decoding.ts');
  const rows: Row[] = [];
  const gaps = [...cutOff(table.name, names), ...missing(table.name, names)];
  for (const name of names.filter((each) => each.endsWith('.parquet')).sort()) {
    try {
      // Hundreds of small files: each in one go costs a tenth of a round through the thread pool.
      const bytes = readFileSync(join(folder, table.name, name));
      const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      for (const row of await decodePart(table, whole)) rows.push(row);
    } catch (error) {
      gaps.push(`${table.name}/${name} can't be read: ${messageOf(error)}`);
    }
  }
  return { rows, gaps };
}

/** A temporary file is a part that was being written when the run was cut. */
function cutOff(table: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.endsWith('.tmp'))
    .sort()
    .map((name) => `${table}/${name.slice(0, -'.tmp'.length)} was being written when the run was cut off`);
}

/** Numbers that no part has although a later one exists. */
function missing(table: string, names: readonly string[]): readonly string[] {
  const numbers = new Set(names.flatMap((name) => /^part-(\d+)\.parquet$/.exec(name)?.[1] ?? []).map(Number));
  const last = Math.max(0, ...numbers);
  const absent = Array.from({ length: last }, (_, index) => index + 1).filter((each) => !numbers.has(each));
  if (absent.length === 0) return [];
  return [
    `${table}/ lacks ${absent.length} of its ${last} parts, the first of them number ${absent[0] ?? 0}`,
  ];
}
