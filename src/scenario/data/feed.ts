import type { Place } from '../../base/errors.ts';

/** Which row an arrival gets: any, the one of its number within its route, or that with starting over. */
export const picks = ['random', 'sequence', 'circular'] as const;
export type Pick = (typeof picks)[number];

/** A file of data, as far as requests ask for it. */
export interface Feed {
  /** Absolute. */
  readonly file: string;
  readonly pick: Pick;
  /** Where the scenario declares it. */
  readonly place: Place;
  /** At least 1. */
  readonly rows: number;
  /** The columns that requests ask for, in the order of the cells. */
  readonly columns: readonly string[];
  readonly cells: FeedCells;
}

/** All feeds of a scenario, by name. */
export type Feeds = Readonly<Record<string, Feed>>;

/** Texts in UTF-8, row by row, one behind the other. The memory is shared: no thread has a copy of its own. */
export interface FeedCells {
  readonly bytes: Uint8Array;
  /** Where each text ends. */
  readonly ends: Uint32Array;
}
