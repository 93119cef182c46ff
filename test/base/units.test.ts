import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatBytes,
  formatMs,
  parseBytesPerSec,
  parseDurationMs,
  parseRatePerSec,
} from '../../src/base/units.ts';

test.each([
  ['250ms', 250],
  ['10s', 10_000],
  ['5m', 300_000],
  ['1.5h', 5_400_000],
  ['500us', 0.5],
  [' 2 s ', 2000],
])('%s is a duration', (text, ms) => {
  expect(parseDurationMs(text)).toEqual({ ok: true, value: ms });
});

test.each([
  ['50/s', 50],
  ['3000/m', 50],
  ['0.5/s', 0.5],
  ['3600 / h', 1],
])('%s is a rate', (text, rate) => {
  expect(parseRatePerSec(text)).toEqual({ ok: true, value: rate });
});

test.each([
  ['64KiB/s', 65_536],
  ['1.5 MiB / s', 1_572_864],
  ['1B/s', 1],
])('%s is a speed', (text, bytes) => {
  expect(parseBytesPerSec(text)).toEqual({ ok: true, value: bytes });
});

test.each(['64kb/s', '64KiB', '64KiB/m', '64', 64])('%s is no speed', (text) => {
  expect(parseBytesPerSec(text)).toMatchObject({ ok: false });
});

test.each([
  [1, '1 B'],
  [1023, '1023 B'],
  [65_536, '64 KiB'],
  [1_572_864, '1.5 MiB'],
  [0.5, '0.5 B'],
])('%d bytes are %s for people', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  10,
  '10',
  '10 seconds',
  '-1s',
  '1e3s',
  '',
  '1,5s',
  null,
  undefined,
  true,
  {},
  '9'.repeat(400) + 's',
])('a duration needs a plain number and a unit: %j has not', (value) => {
  const parsed = parseDurationMs(value);
  expect(parsed.ok).toBe(false);
  expect(parsed.ok ? '' : parsed.why).toMatch(
    /^expected a duration with its unit, such as "250ms" or "10s", got /,
  );
});

test('a whole number of any unit survives being written and read', () => {
  const units = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.constantFrom(...Object.entries(units)), (count, [unit, ms]) => {
      expect(parseDurationMs(`${count}${unit}`)).toEqual({ ok: true, value: count * ms });
    }),
  );
});

test('what people read is at most a hundredth off', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (ms) => {
      const [amount, unit] = formatMs(ms).split(' ');
      const back = parseDurationMs(`${amount ?? ''}${unit === 'min' ? 'm' : (unit ?? '')}`);
      expect(Math.abs((back.ok ? back.value : 0) - ms)).toBeLessThanOrEqual(ms * 0.03);
    }),
  );
});
