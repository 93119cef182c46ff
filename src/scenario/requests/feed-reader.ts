import { hashString, randomAt } from '../../base/random.ts';
import type { Feed, Feeds } from '../data/feed.ts';
import type { Draw } from './draw.ts';

/** Reads one column of a feed. For the same draw, all columns read the same row. */
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
