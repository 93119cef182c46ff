import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { formatBytes } from '../../base/units.ts';
import type { Loss } from '../evidence.ts';
import { lossOfPiece, lostWords } from '../manifest/lost-words.ts';
import type { Manifest } from '../manifest/read-manifest.ts';
import { sha256 } from '../manifest/manifest-line.ts';
import { partName, type Table } from './table.ts';

/** What was read of a table, or of one part of it. */
export interface ReadRows<Row> {
  readonly rows: Row[];
  /** What could not be read or verified, in words. */
  readonly gaps: readonly string[];
  readonly losses: readonly Loss[];
}

/** All rows of a table, in the order of its parts, from those that are as they were written. */
export async function readParts<Row>(
  folder: string,
  table: Table<Row>,
  manifest: Manifest,
): Promise<ReadRows<Row>> {
  const names = await readdir(join(folder, table.name)).catch(() => null);
  if (names === null) {
    const losses = [lossOfPiece(table.name, undefined)];
    return { rows: [], gaps: [`${table.name}/ is missing`], losses };
  }
  const files = names.filter((name) => name.endsWith('.parquet')).map((name) => `${table.name}/${name}`);
  const listed = manifest.filesIn(table.name);
  const rows: Row[] = [];
  const absent = manifest.isWhole ? [] : passedOver(table.name, [...files, ...listed]);
  const gaps = [...cutOff(table.name, names), ...absent];
  const losses: Loss[] = absent.map(() => lossOfPiece(table.name, undefined));
  for (const file of [...new Set([...files, ...listed])].sort()) {
    const part = await readPart(folder, table, manifest, file);
    for (const row of part.rows) rows.push(row);
    gaps.push(...part.gaps);
    losses.push(...part.losses);
  }
  return { rows, gaps, losses };
}

async function readPart<Row>(
  folder: string,
  table: Table<Row>,
  manifest: Manifest,
  file: string,
): Promise<ReadRows<Row>> {
  const [piece] = manifest.piecesOf(file);
  const lost = (why: string): ReadRows<Row> => ({
    rows: [],
    gaps: [`${file} ${why}${lostWords(piece, 'row')}`],
    losses: [lossOfPiece(table.name, piece)],
  });
  const bytes = bytesOf(join(folder, file));
  if (bytes === null) return lost('is missing');
  if (bytes === 'unfit') return lost(`is no file of at most ${formatBytes(mostBytes)}`);
  if (piece === undefined && manifest.isWhole)
    return { rows: [], gaps: [`${file} is not of this recording and was left out`], losses: [] };
  if (piece !== undefined && sha256(bytes) !== piece.sha256) return lost('is damaged');
  try {
    const { decodePart } = await import('./part-decoding.ts');
    const rows = await decodePart(
      table,
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    );
    return {
      rows,
      gaps: piece === undefined ? [`${file} is not verified: it has no checksum yet`] : [],
      losses: [],
    };
  } catch (error) {
    return lost(`can't be read (${messageOf(error)})`);
  }
}

/** A part holds seconds of a run: a few megabytes at the very most. */
const mostBytes = 64 * 1024 * 1024;

/** Hundreds of small files: each in one go costs a tenth of a round through the thread pool. */
function bytesOf(path: string): Buffer<ArrayBuffer> | 'unfit' | null {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= mostBytes ? readFileSync(path) : 'unfit';
  } catch {
    return null;
  }
}

/** A temporary file is a part that was being written when the run was cut. */
function cutOff(table: string, names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.endsWith('.tmp'))
    .sort()
    .map((name) => `${table}/${name.slice(0, -'.tmp'.length)} was being written when the run was cut off`);
}

/** A run of days has no more parts; a file may be called anything. */
const mostParts = 100_000;

/** Part numbers that are neither on the disk nor listed although a later one is. */
function passedOver(table: string, files: readonly string[]): readonly string[] {
  const known = new Set(files);
  const numbers = files.flatMap((file) => /part-(\d+)\.parquet$/.exec(file)?.[1] ?? []).map(Number);
  const last = Math.min(
    mostParts,
    numbers.reduce((most, number) => Math.max(most, number), 0),
  );
  const absent = Array.from({ length: last }, (_, index) => index + 1).filter(
    (number) => !known.has(partName(table, number)),
  );
  if (absent.length === 0) return [];
  return [
    `${table}/ lacks ${absent.length} of its ${last} parts, the first of them number ${absent[0] ?? 0}`,
  ];
}
