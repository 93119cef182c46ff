import fc from 'fast-check';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { followLines } from '../../../src/platform/local/instance/lines.ts';
import { cut } from '../../link/wire.ts';

async function linesOf(chunks: readonly Uint8Array[]): Promise<readonly string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  followLines(stream, (line) => lines.push(line));
  const ended = new Promise((resolve) => stream.once('end', resolve));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await ended;
  return lines;
}

test('lines are the same however the output is cut into chunks', async () => {
  const text = 'first\n\nzweite Zeile: grün\r\nlast, without an end';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: text.length }), { maxLength: 6 }), async (cuts) => {
      expect(await linesOf(cut(Buffer.from(text), cuts))).toEqual([
        'first',
        '',
        'zweite Zeile: grün',
        'last, without an end',
      ]);
    }),
  );
});

test('of an endless line 16 KiB are kept', async () => {
  const chunks = Array.from({ length: 40 }, () => Buffer.alloc(1024, 'x'));
  const lines = await linesOf([...chunks, Buffer.from('\nnext\n')]);
  expect(lines.map(({ length }) => length)).toEqual([16 * 1024, 4]);
});
