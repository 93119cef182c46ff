import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameScanner } from '../../src/link/frame-scanner.ts';
import { cut, frame } from './wire.ts';

const kept = 'E'.charCodeAt(0);

function scan(chunks: readonly Buffer[]): readonly { type: number; payload: string }[] {
  const seen: { type: number; payload: string }[] = [];
  const scanner = new FrameScanner(new Set([kept]), (type, payload) =>
    seen.push({ type, payload: payload.toString('hex') }),
  );
  for (const chunk of chunks) scanner.push(chunk);
  return seen;
}

const message = fc.record({
  type: fc.constantFrom('R', 'S', 'K', 'Z', 'E', 'D', 'N'),
  payload: fc.uint8Array({ maxLength: 40 }),
});

test('finds the same messages however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 30 }), (all, places) => {
      const stream = Buffer.concat(all.map(({ type, payload }) => frame(type, payload)));
      expect(scan(cut(stream, places))).toEqual(
        all.map(({ type, payload }) => ({
          type: type.charCodeAt(0),
          payload: type === 'E' ? Buffer.from(payload).toString('hex') : '',
        })),
      );
    }),
  );
});

test('keeps no more than 8 KiB of a payload, however long it is', () => {
  const stream = Buffer.concat([frame('E', Buffer.alloc(100_000, 1)), frame('Z')]);
  const seen = scan([stream.subarray(0, 50_000), stream.subarray(50_000)]);
  expect(seen.map(({ payload }) => payload.length / 2)).toEqual([8192, 0]);
});

test('says so when the stream is no sequence of messages', () => {
  const scanner = new FrameScanner(new Set(), () => expect.unreachable());
  scanner.push(Buffer.from([0x45, 0, 0, 0, 1]));
  scanner.push(frame('Z'));
  expect(scanner.broken).toBe(true);
});
