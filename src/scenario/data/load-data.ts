import { isUtf8 } from 'node:buffer';
import { resolve as absolute } from 'node:path';
import type { Place, Problem } from '../../base/errors.ts';
import { readBytes } from '../../base/load-yaml.ts';
import type { YamlFile } from '../../base/yaml.ts';
import { pickOf, type DataInFile, type FeedInFile } from './data-codec.ts';
import { makeTable, type Table } from './feed-table.ts';
import { unknownColumns, unknownFeeds, type FeedUse } from './feed-use.ts';
import type { Feed, Feeds } from './feed.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines } from './read-json-lines.ts';

/** The feeds of a scenario, and all that is wrong with them or with their uses. */
export interface LoadedData {
  readonly feeds: Feeds;
  readonly problems: readonly Problem[];
}

/** A file is read as a whole, though all threads share the one copy. */
const mostBytes = 100 * 1024 * 1024;

/** Reads all data files, as far as requests use them. */
export async function loadData(
  data: DataInFile,
  uses: readonly FeedUse[],
  source: YamlFile,
  resolve: (path: string) => string,
): Promise<LoadedData> {
  const loaded = await Promise.all(
    Object.entries(data).map(async ([name, given]) => {
      const declared = source.placeOfKey(['data', name]);
      const named = source.placeOf(['data', name, 'file']);
      const own = uses.filter(({ feed }) => feed === name);
      return { name, ...(await loadFeed(given, own, { declared, named, path: resolve(given.file) })) };
    }),
  );
  const feeds = loaded.flatMap(({ name, feed }) => (feed === null ? [] : [[name, feed] as const]));
  return {
    feeds: Object.fromEntries(feeds),
    problems: [...unknownFeeds(uses, Object.keys(data)), ...loaded.flatMap(({ problems }) => problems)],
  };
}

/** Where a feed is declared, and where its file is named and stands. */
interface Origin {
  readonly declared: Place;
  readonly named: Place;
  readonly path: string;
}

interface LoadedFeed {
  readonly feed: Feed | null;
  readonly problems: readonly Problem[];
}

async function loadFeed(
  given: FeedInFile,
  uses: readonly FeedUse[],
  { declared, named, path }: Origin,
): Promise<LoadedFeed> {
  const read = await readBytes(path, mostBytes);
  if (!read.ok) return { feed: null, problems: [{ message: read.why, place: named }] };
  const table = await readTable(read.value, path, uses);
  const { known, columns, rows, cells } = table;
  const problems = [...table.problems, ...(rows === 0 ? [] : unknownColumns(uses, known))];
  if (problems.length > 0) return { feed: null, problems };
  const feed = { file: absolute(path), pick: pickOf(given), place: declared, rows, columns, cells };
  return { feed, problems };
}

async function readTable(bytes: Buffer, path: string, uses: readonly FeedUse[]): Promise<Table> {
  const table = makeTable(path, uses);
  if (!isUtf8(bytes)) table.problem(1, 'not text in UTF-8', 'save it as UTF-8');
  else if (path.toLowerCase().endsWith('.csv')) return readCsv(bytes, table);
  else return readJsonLines(bytes, table);
  return table.finish([]);
}
