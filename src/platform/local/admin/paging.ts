import { invalidArgument } from './api-error.ts';
import type { Parameters } from './parameters.ts';

/** The most that one page of a list holds, and its default, as on Cloud Run. */
const most = 1000;

export interface Page<T> {
  readonly items: readonly T[];
  /** '' after the last page. */
  readonly nextPageToken: string;
}

/** One page of a list that keeps its order. The token names the first item of the next page. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, parameters: Parameters): Page<T> {
  const { pageSize, pageToken } = parameters;
  if (pageSize < 0) throw invalidArgument([{ field: 'pageSize', description: 'must not be negative' }]);
  const start = pageToken === '' ? 0 : items.findIndex((item) => tokenOf(keyOf(item)) === pageToken);
  if (start < 0)
    throw invalidArgument([
      { field: 'pageToken', description: 'not a token of this list, or what it named is gone' },
    ]);
  const end = start + Math.min(pageSize === 0 ? most : pageSize, most);
  const next = items[end];
  return { items: items.slice(start, end), nextPageToken: next === undefined ? '' : tokenOf(keyOf(next)) };
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}
