import type { Place, Problem } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';

/** A column of a feed that a request asks for, and where it does. */
export interface FeedUse {
  readonly feed: string;
  readonly column: string;
  /** What its values must be fit for, besides text. */
  readonly as: 'text' | 'number' | 'header';
  /** The way to the text that asks, for messages. */
  readonly name: string;
  readonly place: Place;
}

/** Uses of feeds that are not declared. */
export function unknownFeeds(uses: readonly FeedUse[], declared: readonly string[]): readonly Problem[] {
  return uses
    .filter(({ feed }) => !declared.includes(feed))
    .map(({ feed, name, place }) => {
      const message = `${name}: there is no data "${feed}"`;
      const hint = declared.length === 0 ? 'declare it under data' : hintOf(feed, declared, 'declared');
      return { message, place, hint };
    });
}

/** Uses of columns that a feed does not have. */
export function unknownColumns(uses: readonly FeedUse[], known: readonly string[]): readonly Problem[] {
  return uses
    .filter(({ column }) => !known.includes(column))
    .map(({ feed, column, name, place }) => ({
      message: `${name}: the data "${feed}" has no column "${column}"`,
      place,
      hint: hintOf(column, known, 'it has'),
    }));
}

function hintOf(word: string, known: readonly string[], verb: string): string {
  const near = nearest(word, known);
  const listed = known.length > 12 ? [...known.slice(0, 12), '...'] : known;
  return near === undefined ? `${verb}: ${listed.join(', ')}` : `did you mean "${near}"?`;
}
