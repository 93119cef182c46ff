/** Meant for one hop only (RFC 9110, 7.6.1), and `expect`, which this hop has answered already. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** Names that only the emulator may set. */
const ownPrefix = 'x-poolproof-';

/** The parts of a request's head that matter for forwarding it. */
export interface RequestHead {
  /** Names and values in turn, as they came, without those of this hop. */
  readonly headers: string[];
  /** Null when no length was declared. */
  readonly contentLength: number | null;
  readonly hasBody: boolean;
  readonly upgrade: boolean;
}

/** Reads names and values in turn, in one pass. */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const headers: string[] = [];
  let contentLength: number | null = null;
  let chunked = false;
  let upgrade = false;
  let connection = '';
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'content-length') contentLength = Number(value);
    if (hopByHop.has(lower)) {
      if (lower === 'transfer-encoding') chunked = true;
      if (lower === 'upgrade') upgrade = true;
      if (lower === 'connection') connection += `,${value.toLowerCase()}`;
    } else headers.push(name, value);
  }
  const named = namesIn(connection);
  const kept = named.length === 0 ? headers : without(headers, named);
  return { headers: kept, contentLength, hasBody: chunked || (contentLength ?? 0) > 0, upgrade };
}

/** An instance's headers as they go to the client: without those of this hop and those only we may say. */
export function readResponseHeaders(raw: readonly Buffer[]): string[] {
  const headers: string[] = [];
  let connection = '';
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toString('latin1') ?? '';
    const lower = name.toLowerCase();
    if (lower === 'connection') connection += `,${raw[index + 1]?.toString('latin1').toLowerCase() ?? ''}`;
    if (hopByHop.has(lower) || lower.startsWith(ownPrefix)) continue;
    headers.push(name, raw[index + 1]?.toString('latin1') ?? '');
  }
  const named = namesIn(connection);
  return named.length === 0 ? headers : without(headers, named);
}

/** Headers that `Connection` names are of this hop too; `close` and `keep-alive` are no headers. */
function namesIn(connection: string): readonly string[] {
  return connection
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'close' && name !== 'keep-alive' && !hopByHop.has(name));
}

function without(headers: readonly string[], names: readonly string[]): string[] {
  return headers.filter((_, index) => !names.includes((headers[index - (index % 2)] ?? '').toLowerCase()));
}
