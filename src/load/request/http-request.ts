/** Headers of a request, ready for either way of sending. */
export interface HeaderList {
  /** Names and values in turn. */
  readonly pairs: readonly string[];
  /** The same as HTTP/1.1 writes them, a line each, each ended by CRLF. */
  readonly lines: string;
}

/** A request as it is handed to a connection. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The same for every request of a route: written down once. */
  readonly headers: HeaderList;
  /** Names and values in turn, of this request alone: cookies, a token. */
  readonly extra: readonly string[];
  readonly body: string | null;
  /** So many bytes of the answer's body are kept for the checks; the rest is counted and dropped. */
  readonly keepBytes: number;
}

/** Writes a list down. */
export function headerList(pairs: readonly string[]): HeaderList {
  let lines = '';
  for (let index = 0; index + 1 < pairs.length; index += 2)
    lines += `${pairs[index] ?? ''}: ${pairs[index + 1] ?? ''}\r\n`;
  return { pairs, lines };
}
