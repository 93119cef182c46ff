import type { Feeds } from './feed.ts';

/** `data:` in the language of the file, every default written out. */
export function effectiveData(feeds: Feeds): object {
  return Object.fromEntries(Object.entries(feeds).map(([name, { file, pick }]) => [name, { file, pick }]));
}
