import type { Place } from '../../base/errors.ts';

/** Which row an arrival gets: a random one, the next one of its route, or the next one starting over. */
export const picks = ['random', 'sequence', 'circular'] as const;
export type Pick = (typeof picks)[number];

/** A data file, as far as requests use it. */
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

/** Texts in UTF-8, row by row, one after the other. The memory is shared: no thread has its own copy. */
export interface FeedCells {
  readonly bytes: Uint8Array;
  /** Where each text ends. */
  readonly ends: Uint32Array;
}
