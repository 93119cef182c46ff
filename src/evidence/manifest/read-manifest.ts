import { messageOf } from '../../base/errors.ts';
import { readRunFile } from '../run-files.ts';
import { manifestLine, manifestName, type Piece, sha256 } from './manifest-line.ts';

/** What a recording should be made of. */
export interface Manifest {
  /** The pieces of a file, in order of their offsets; none where nothing is known of it. */
  piecesOf(file: string): readonly Piece[];
  /** The files of a folder, by name. */
  filesIn(folder: string): readonly string[];
  /** Whether it is whole, so that what it does not list was not recorded. Otherwise the last pieces may be unlisted. */
  readonly isWhole: boolean;
  /** What of the manifest itself could not be read, in words. */
  readonly gaps: readonly string[];
}

/** Reads the manifest of a run. `isCut`: the run is known to have been cut off before its last line. */
export async function readManifest(folder: string, isCut: boolean): Promise<Manifest> {
  try {
    return parseManifest(await readRunFile(folder, manifestName), isCut);
  } catch (error) {
    const gap = `${manifestName} can't be read, so nothing of the recording is verified: ${messageOf(error)}`;
    return makeManifest([], false, [gap]);
  }
}

function parseManifest(text: string, isCut: boolean): Manifest {
  const pieces: Piece[] = [];
  let bad = 0;
  let isWhole = false;
  let at = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const read = parseLine(line);
    // What follows the end was not written by the run.
    if (read === null || isWhole) bad += 1;
    else if ('file' in read) pieces.push(read);
    else if (read.sha256 === sha256(text.slice(0, at))) isWhole = true;
    else bad += 1;
    at += line.length + 1;
  }
  const gaps = [
    ...(bad === 0 ? [] : [`${manifestName} is damaged: ${bad} of its lines are not as they were written`]),
    ...(isWhole || isCut || bad > 0 ? [] : [`${manifestName} ends early: what came last is not verified`]),
  ];
  return makeManifest(pieces, isWhole && bad === 0, gaps);
}

function parseLine(line: string): ReturnType<typeof manifestLine.parse> | null {
  try {
    return manifestLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function makeManifest(pieces: readonly Piece[], isWhole: boolean, gaps: readonly string[]): Manifest {
  const byFile = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const known = byFile.get(piece.file);
    if (known === undefined) byFile.set(piece.file, [piece]);
    else known.push(piece);
  }
  return {
    piecesOf: (file) => byFile.get(file) ?? [],
    filesIn: (folder) => [...byFile.keys()].filter((file) => file.startsWith(`${folder}/`)).sort(),
    isWhole,
    gaps,
  };
}
