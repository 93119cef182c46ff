import { InputError, type Problem } from '../../base/errors.ts';
import type { Feeds } from '../data/feed.ts';
import { textsOf } from '../language/texts.ts';
import type { RequestSpec } from './request-spec.ts';
import { callsOf } from './template.ts';

/**
 * Refuses a plan that would run out of rows: a feed in sequence gives each arrival of a route a row of its own.
 * `arrivalsPerRoute` is in the order of the requests, and infinite if a closed phase sends any number of them. Throws
 * `InputError` with every feed that is too short.
 */
export function checkFeeds(
  requests: readonly RequestSpec[],
  data: Feeds,
  arrivalsPerRoute: readonly number[],
): void {
  const problems = requests.flatMap((request, route) =>
    feedsOf(request).flatMap((name) => {
      const feed = Object.hasOwn(data, name) ? data[name] : undefined;
      const arrivals = arrivalsPerRoute[route] ?? 0;
      if (feed?.pick !== 'sequence' || arrivals <= feed.rows) return [];
      const message = `the data "${name}" has ${feed.rows} rows, and "${request.name}" ${arrivalsIn(arrivals)}`;
      return [{ message, place: feed.place, hint: 'pick: circular starts over' } satisfies Problem];
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
}

function feedsOf({ path, headers, body }: RequestSpec): readonly string[] {
  const calls = textsOf([path, headers, body], []).flatMap(({ text }) => callsOf(text));
  return [...new Set(calls.flatMap(({ data }) => data?.feed ?? []))];
}

function arrivalsIn(count: number): string {
  return Number.isFinite(count) ? `has ${count} arrivals` : 'may have any number of arrivals';
}
