import { formatMs } from '../../base/units.ts';
import type { Loss } from '../evidence.ts';
import type { Piece } from './manifest-line.ts';

/** What is missing with a piece: ": 120 rows from 3 s to 6 s of the run are missing". */
export function lostWords(piece: Piece | undefined, what: 'row' | 'event'): string {
  if (piece?.rows === undefined) return '';
  const { rows, from_us: fromUs, to_us: toUs } = piece;
  const when =
    fromUs === undefined || toUs === undefined
      ? ''
      : ` from ${formatMs(fromUs / 1000)} to ${formatMs(toUs / 1000)} of the run`;
  return rows === 1 ? `: 1 ${what}${when} is missing` : `: ${rows} ${what}s${when} are missing`;
}

/** The loss of a piece. */
export function lossOfPiece(of: Loss['of'], piece: Piece | undefined): Loss {
  return { of, fromUs: piece?.from_us ?? -Infinity, toUs: piece?.to_us ?? Infinity };
}
