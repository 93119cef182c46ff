/** Headers of a request, in the forms that the transports want. */
export interface HeaderList {
  /** Names and values in turn, as undici wants them. */
  readonly pairs: readonly string[];
  /** The same as HTTP/1.1 lines, each ended by CRLF. */
  readonly lines: string;
}

/** A request as it is handed to a connection. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Shared by all requests of a route. */
  readonly headers: HeaderList;
  /** Names and values in turn, for this request only: cookies, a token. */
  readonly extra: readonly string[];
  readonly body: string | null;
  /** How many bytes of the answer's body to keep for the checks; the rest is counted and dropped. */
  readonly keepBytes: number;
}

/** Formats names and values in turn. */
export function headerList(pairs: readonly string[]): HeaderList {
  let lines = '';
  for (let index = 0; index + 1 < pairs.length; index += 2)
    lines += `${pairs[index] ?? ''}: ${pairs[index + 1] ?? ''}\r\n`;
  return { pairs, lines };
}
