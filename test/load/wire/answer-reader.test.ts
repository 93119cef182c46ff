import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureBytes, isFailure } from '../../../src/load/answer/read-failure.ts';
import { AnswerReader, type Progress } from '../../../src/load/wire/answer-reader.ts';
import { answers } from './answers.ts';
import { readByNode } from './read-by-node.ts';

/** Reads bytes cut at these places, each piece from a buffer that the next one overwrites. */
function readCut(
  bytes: Buffer,
  cuts: readonly number[],
  { method = 'GET', keepBytes = 1000 } = {},
): [AnswerReader, Progress] {
  const reader = new AnswerReader();
  reader.begin(method, keepBytes);
  const shared = Buffer.alloc(Math.max(bytes.length, 1));
  let progress: Progress = 'more';
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut <= at || progress !== 'more') continue;
    shared.fill(0x2a);
    bytes.copy(shared, 0, at, cut);
    progress = reader.read(shared, cut - at);
    at = cut;
  }
  shared.fill(0x2a);
  return [reader, progress];
}

const read = (answer: string, options?: { method?: string; keepBytes?: number }): [AnswerReader, Progress] =>
  readCut(Buffer.from(answer, 'latin1'), [], options);
const everyByte = (bytes: Buffer): number[] => Array.from(bytes, (_, index) => index + 1);
const finely = (bytes: Buffer): number[] =>
  bytes.length < 1000 ? everyByte(bytes) : everyByte(bytes).filter((at) => at % 997 === 0);

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;

describe('reading an answer', () => {
  it('reads every answer the same, wherever it is cut', () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(answers, cuts, (made, places) => {
        const { method, bytes, endsByClose } = made;
        const inPieces = places.map((place) => Math.round(place * bytes.length)).sort((a, b) => a - b);
        for (const chosen of [[], inPieces, everyByte(bytes)]) {
          const [reader, progress] = readCut(bytes, chosen, { method });
          expect(progress === 'more' ? reader.close() : progress).toBe('whole');
          expect(progress === 'more').toBe(endsByClose);
          expect(reader.status).toBe(made.status);
          expect({ ...reader.headers }).toEqual({ ...made.headers });
          expect(reader.bytes).toBe(made.body.length);
          expect(reader.body?.equals(made.body)).toBe(true);
          expect(reader.staysOpen).toBe(made.staysOpen);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds malformed, wherever they are cut, the same answers', () => {
    fc.assert(
      fc.property(answers, fc.nat(), fc.nat({ max: 255 }), (made, place, byte) => {
        const bytes = Buffer.from(made.bytes);
        bytes[place % bytes.length] = byte;
        const seen = [[], everyByte(bytes)].map((cuts) => {
          const [reader, progress] = readCut(bytes, cuts, { method: made.method });
          return [
            progress === 'more' ? reader.close() : progress,
            progress === 'malformed' ? null : reader.bytes,
          ];
        });
        expect(seen[1]).toEqual(seen[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('reads whatever Node reads too as Node does', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(), fc.option(fc.nat({ max: 255 })), async (made, place, byte) => {
        const bytes = Buffer.from(made.bytes);
        if (byte !== null) bytes[place % bytes.length] = byte;
        const theirs = await readByNode(bytes, made.method);
        const [reader, progress] = readCut(bytes, [], made);
        const isWhole = (progress === 'more' ? reader.close() : progress) === 'whole';
        if (byte === null) expect(theirs).not.toBeNull();
        // A tab after the coding makes it another one for Node, and none of the value for RFC 9110.
        fc.pre(theirs !== null && isWhole && !bytes.includes('chunked\t'));
        expect(reader.status).toBe(theirs.status);
        expect({ ...reader.headers }).toEqual({ ...theirs.headers });
        expect(reader.body?.equals(theirs.body)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps as much of the body as was wanted, and counts the rest', () => {
    fc.assert(
      fc.property(answers, fc.nat({ max: 400 }), (made, keepBytes) => {
        for (const cuts of [[], everyByte(made.bytes)]) {
          const [reader] = readCut(made.bytes, cuts, { method: made.method, keepBytes });
          expect(reader.bytes).toBe(made.body.length);
          // A failure's beginning is kept in any case.
          const kept = isFailure(reader.status ?? 0) ? Math.max(keepBytes, failureBytes) : keepBytes;
          if (kept === 0) expect(reader.body).toBeNull();
          else expect(reader.body?.equals(made.body.subarray(0, kept))).toBe(true);
        }
      }),
    );
  });

  it('holds no more of a long body than was wanted', () => {
    const bytes = Buffer.from(`${ok}content-length: 1000000\r\n\r\n${'x'.repeat(1_000_000)}`);
    const [{ body }] = readCut(bytes, [], { keepBytes: 10_000 });
    expect(body?.length).toBe(10_000);
    expect(body?.buffer.byteLength).toBe(10_000);
  });

  it('does not change what it told when it reads the next answer', () => {
    const reader = new AnswerReader();
    const buffer = Buffer.alloc(200);
    const readInto = (answer: string): void => {
      reader.begin('GET', 10);
      expect(reader.read(buffer, buffer.write(answer, 'latin1'))).toBe('whole');
    };
    readInto(`${ok}x-instance: first\r\ncontent-length: 5\r\n\r\nhello`);
    const { headers, body } = reader;
    readInto(`${ok}x-instance: other\r\ncontent-length: 5\r\n\r\nworld`);
    expect([headers['x-instance'], String(body)]).toEqual(['first', 'hello']);
    expect([reader.headers['x-instance'], String(reader.body)]).toEqual(['other', 'world']);
  });

  it('takes nothing after the answer for a part of it, and does not trust the connection any more', () => {
    for (const answer of [
      `${ok}content-length: 2\r\n\r\nok`,
      `${chunked}2\r\nok\r\n0\r\n\r\n`,
      `HTTP/1.1 204 No\r\n\r\n`,
    ]) {
      expect(read(answer)[0].staysOpen).toBe(true);
      const [reader, progress] = read(`${answer}HTTP/1.1 408 Request Timeout\r\n\r\n`);
      expect(progress).toBe('whole');
      expect(reader.status).not.toBe(408);
      expect(reader.staysOpen).toBe(false);
    }
  });

  it('tells what came of an answer that is not whole', () => {
    const [reader, progress] = read(`${ok}content-length: 9\r\n\r\nhello`);
    expect(progress).toBe('more');
    expect([reader.status, reader.bytes, String(reader.body)]).toEqual([200, 5, 'hello']);
    expect(reader.close()).toBe('malformed');
    expect(read('')[0].status).toBeNull();
  });

  it('holds headers that are called as what every object has', () => {
    const [{ headers }] = read(`${ok}__proto__: a\r\nconstructor: b\r\ncontent-length: 0\r\n\r\n`);
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['content-length', '0'],
    ]);
    expect('toString' in headers).toBe(false);
  });

  it('takes a body whose last coding is not chunked until the close', () => {
    const [reader, progress] = read(`${ok}transfer-encoding: gzip\r\n\r\n2\r\nok\r\n0\r\n\r\n`);
    expect([progress, reader.bytes, reader.close()]).toEqual(['more', 12, 'whole']);
    expect(read(`${ok}transfer-encoding: gzip, Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`)[0].bytes).toBe(2);
  });

  it.each([
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a minor version that is none', 'HTTP/1.x 200 OK\r\n\r\n'],
    ['another protocol', '220 mail.example ESMTP\r\n'],
    ['a line before the status line', `\r\n${ok}\r\n`],
    ['another blank after the version', 'HTTP/1.1\t200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['a switch of protocols that nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a line that ends with LF alone', 'HTTP/1.1 200 OK\nx: y\r\n\r\n'],
    ['a header line that ends with LF alone', `${ok}x: y\nz: w\r\n\r\n`],
    ['a CR within a value', `${ok}x: a\rb\r\n\r\n`],
    ['a null within a value', `${ok}x: a\0b\r\n\r\n`],
    ['a null within the reason', 'HTTP/1.1 200 O\0K\r\n\r\n'],
    ['a header without a colon', `${ok}nothing\r\n\r\n`],
    ['a header without a name', `${ok}: x\r\n\r\n`],
    ['a blank before the colon', `${ok}x : y\r\n\r\n`],
    ['a folded header', `${ok}x: y\r\n z\r\n\r\n`],
    ['a length and a coding', `${chunked.slice(0, -2)}content-length: 2\r\n\r\n`],
    ['two lengths', `${ok}content-length: 2\r\ncontent-length: 2\r\n\r\nok`],
    ['a negative length', `${ok}content-length: -2\r\n\r\nok`],
    ['a length with a sign', `${ok}content-length: +2\r\n\r\nok`],
    ['no length after its name', `${ok}content-length:\r\n\r\nok`],
    ['a length that no number holds', `${ok}content-length: 9999999999999999\r\n\r\nok`],
    ['a chunk without a size', `${chunked};x\r\nok`],
    ['a chunk with a negative size', `${chunked}-2\r\nok`],
    ['a size in another form', `${chunked}0x2\r\nok`],
    ['a blank after the size', `${chunked}2 \r\nok`],
    ['a size that no number holds', `${chunked}fffffffffffffffff\r\nok`],
    ['a size line that ends with LF alone', `${chunked}2\nok\r\n`],
    ['a line break within an extension', `${chunked}2;a\nb\r\nok`],
    ['a chunk longer than its size', `${chunked}1\r\nok\r\n`],
    ['a chunk that ends with anything but CR', `${chunked}2\r\nok\n\n0\r\n\r\n`],
    ['a chunk that ends with CR alone', `${chunked}2\r\nok\r0\r\n\r\n`],
    ['a trailer without a colon', `${chunked}0\r\nnothing\r\n\r\n`],
    ['an endless head', `${ok}${'x-fill: 0123456789\r\n'.repeat(3500)}`],
    ['a head that is too long', `${ok}${'x-fill: 0123456789\r\n'.repeat(3500)}\r\n`],
    ['an endless extension', `${chunked}2;${'x'.repeat(20_000)}`],
    ['endless zeros', `${chunked}${'0'.repeat(20_000)}`],
    ['endless trailers', `${chunked}0\r\n${'x-fill: 0123456789\r\n'.repeat(3500)}`],
  ])('refuses %s', (_, answer) => {
    const bytes = Buffer.from(answer, 'latin1');
    expect(readCut(bytes, [])[1]).toBe('malformed');
    expect(readCut(bytes, finely(bytes))[1]).toBe('malformed');
  });

  it('reads a head of 64 KiB', () => {
    const line = `x-fill: ${'0'.repeat(65_536 - ok.length - 'x-fill: '.length - 2)}\r\n`;
    expect(read(`${ok}${line}\r\n`)[0].status).toBe(200);
    expect(read(`${ok}${line.replace(':', ': ')}\r\n`)[1]).toBe('malformed');
  });
});
