import fc from 'fast-check';

/** An answer in bytes, and what is to be read from it. */
export interface MadeAnswer {
  readonly method: string;
  readonly bytes: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** Whether it ends only with the connection. */
  readonly endsByClose: boolean;
  readonly staysOpen: boolean;
}

const text = (from: string): string[] => Array.from(from);
const tokenText = fc
  .array(fc.constantFrom(...text("abcxyzABCXYZ019!#$%&'*+-.^_`|~")), { minLength: 1, maxLength: 12 })
  .map((letters) => letters.join(''))
  // The names that frame the answer are written by the framing alone.
  .filter((name) => !/^(content-length|transfer-encoding|connection|trailer|upgrade)$/i.test(name));
const valueText = fc
  .array(fc.constantFrom(...text('ab:;,= "\t\xe9\xff<>0')), { maxLength: 20 })
  .map((letters) => letters.join('').trim());
const fields = fc.array(
  fc.record({ name: tokenText, value: valueText, blanks: fc.constantFrom('', ' ', ' \t') }),
  {
    maxLength: 6,
  },
);
const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

type Framing =
  | { kind: 'length'; body: Buffer }
  | {
      kind: 'chunked';
      chunks: { data: Buffer; extension: string }[];
      trailers: { name: string; value: string }[];
    }
  | { kind: 'close'; body: Buffer }
  | { kind: 'none'; says: string };

const framing: fc.Arbitrary<Framing> = fc.oneof(
  fc.record({ kind: fc.constant('length' as const), body }),
  fc.record({
    kind: fc.constant('chunked' as const),
    chunks: fc.array(
      fc.record({
        data: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        extension: fc.constantFrom('', ';a', ';name=value', ';q="x y"'),
      }),
      { maxLength: 5 },
    ),
    trailers: fc.array(fc.record({ name: tokenText, value: valueText }), { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('close' as const), body }),
  fc.record({ kind: fc.constant('none' as const), says: fc.constantFrom('', 'content-length: 7\r\n') }),
);

/** Answers of every shape that servers may send. */
export const answers: fc.Arbitrary<MadeAnswer> = fc
  .record({
    isHttp10: fc.boolean(),
    status: fc.constantFrom(200, 201, 404, 503, 599),
    reason: fc.constantFrom(' OK', '', ' Not \xe9 Good', ' '),
    interim: fc.array(fc.constantFrom(102, 103), { maxLength: 2 }),
    fields,
    framing,
    connection: fc.constantFrom(null, 'close', 'keep-alive', 'Keep-Alive', 'x, Close'),
  })
  .map(make);

interface Wanted {
  readonly isHttp10: boolean;
  readonly status: number;
  readonly reason: string;
  readonly interim: readonly number[];
  readonly fields: readonly { name: string; value: string; blanks: string }[];
  readonly framing: Framing;
  readonly connection: string | null;
}

function make(wanted: Wanted): MadeAnswer {
  const { framing, connection } = wanted;
  const written = [
    ...wanted.fields,
    ...framingFields(framing),
    ...(connection === null ? [] : [{ name: 'Connection', value: connection, blanks: ' ' }]),
  ];
  const lines = written.map(({ name, value, blanks }) => `${name}:${blanks}${value}${blanks}\r\n`).join('');
  const interim = wanted.interim.map((status) => `HTTP/1.1 ${status} Soon\r\nx-soon: 1\r\n\r\n`).join('');
  const head = `${interim}HTTP/1.${wanted.isHttp10 ? 0 : 1} ${wanted.status}${wanted.reason}\r\n${lines}\r\n`;
  const endsByClose = framing.kind === 'close';
  const said = connection?.toLowerCase() ?? null;
  const saysOpen = said === null ? !wanted.isHttp10 : said === 'keep-alive';
  const isOddChunked = framing.kind === 'chunked' && wanted.isHttp10;
  return {
    method: framing.kind === 'none' ? 'HEAD' : 'GET',
    bytes: Buffer.concat([Buffer.from(head, 'latin1'), ...framingBytes(framing)]),
    status: wanted.status,
    headers: collected(written),
    body:
      framing.kind === 'chunked' ? Buffer.concat(framing.chunks.map(({ data }) => data)) : bodyOf(framing),
    endsByClose,
    staysOpen: saysOpen && !endsByClose && !isOddChunked,
  };
}

function bodyOf(framing: Framing): Buffer {
  return 'body' in framing ? framing.body : Buffer.alloc(0);
}

function framingFields(framing: Framing): readonly { name: string; value: string; blanks: string }[] {
  const field = (name: string, value: string): { name: string; value: string; blanks: string }[] => [
    { name, value, blanks: ' ' },
  ];
  if (framing.kind === 'length') return field('Content-Length', String(framing.body.length));
  if (framing.kind === 'chunked') return field('Transfer-Encoding', 'chunked');
  return framing.kind === 'none' && framing.says !== '' ? field('Content-Length', '7') : [];
}

function framingBytes(framing: Framing): readonly Buffer[] {
  if (framing.kind !== 'chunked') return [bodyOf(framing)];
  const chunks = framing.chunks.flatMap(({ data, extension }) => [
    Buffer.from(`${data.length.toString(16)}${extension}\r\n`),
    data,
    Buffer.from('\r\n'),
  ]);
  const trailers = framing.trailers.map(({ name, value }) => `${name}: ${value}\r\n`).join('');
  return [...chunks, Buffer.from(`0\r\n${trailers}\r\n`, 'latin1')];
}

function collected(written: readonly { name: string; value: string }[]): Record<string, string | string[]> {
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const { name, value } of written) {
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
