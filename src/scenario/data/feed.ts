import type { Place } from '../../base/errors.ts';
import { hashString, randomAt } from '../../base/random.ts';
import type { Draw } from '../requests/draw.ts';

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

/** Reads one column for a draw; every column of a feed gives the same row for the same draw. */
export function makeFeedReader(
  feeds: Feeds,
  name: string,
  column: string,
  seed: number,
): (draw: Draw) => string {
  const feed = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
  const at = feed?.columns.indexOf(column) ?? -1;
  if (feed === undefined || at < 0) throw new TypeError(`a checked scenario has the data ${name}.${column}`);
  const { cells, columns } = feed;
  const { buffer, byteOffset, byteLength } = cells.bytes;
  const text = Buffer.from(buffer, byteOffset, byteLength);
  const rowOf = makeRowPick(feed, name, seed);
  return (draw) => {
    const cell = rowOf(draw) * columns.length + at;
    return text.toString('utf8', cell === 0 ? 0 : cells.ends[cell - 1], cells.ends[cell]);
  };
}

function makeRowPick({ pick, rows }: Feed, name: string, seed: number): (draw: Draw) => number {
  if (pick !== 'random') return ({ nth }) => nth % rows;
  const key = hashString(`${seed}/data/${name}`);
  return ({ arrival }) => Math.floor(randomAt(key, arrival, 0) * rows);
}
