import type { Problem } from './errors.ts';

/** Problems in reading order: the main file first, each file from top to bottom, problems without a place last. */
export function sortProblems(problems: readonly Problem[], file: string): readonly Problem[] {
  return [...problems].sort((one, other) => compare(rankOf(one, file), rankOf(other, file)));
}

type Rank = readonly (number | string)[];

function rankOf({ place }: Problem, file: string): Rank {
  if (place === undefined) return [2, '', 0, 0];
  return [place.file === file ? 0 : 1, place.file, place.line, place.column];
}

function compare(one: Rank, other: Rank): number {
  const at = one.findIndex((item, index) => item !== other[index]);
  if (at < 0) return 0;
  return (one[at] ?? 0) < (other[at] ?? 0) ? -1 : 1;
}
