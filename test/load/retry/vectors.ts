import { readFileSync } from 'node:fs';

type Numbers = Readonly<Record<string, number>>;

/** One of the file's; those of METASIM have other values besides numbers. */
export interface Vector {
  readonly id: string;
  readonly inputs: Numbers;
  readonly outputs: Numbers;
}

const file = new URL('../../vectors/queueing.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

/** All vectors of a family: the id up to its first dash. */
export function vectorsOf(family: string): readonly Vector[] {
  return vectors.filter(({ id }) => id.startsWith(`${family}-`));
}

/** The vector of an id. */
export function vectorOf(wanted: string): Vector {
  const found = vectors.find(({ id }) => id === wanted);
  if (found === undefined) throw new Error(`no vector ${wanted}`);
  return found;
}
