import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../../src/base/secrets/redact.ts';

const secret = `p&ss "wörd"/<1>'x`;
const { own, said } = makeRedactor([secret, 'longer-than-that', 'longer-than', '4711', 'tiger', 'k3y']);
const blot = '[redacted]';

describe('a secret is blotted out', () => {
  const json = JSON.stringify(secret).slice(1, -1);
  it.each([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    [
      'percent-encoded in lower case',
      encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['as a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['in JSON', json],
    ['in JSON in JSON', JSON.stringify(json).slice(1, -1)],
    [
      'in HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
    ['in HTML by number', secret.replaceAll('&', '&#38;').replaceAll("'", '&#x27;')],
    ['in SQL', secret.replaceAll("'", "''")],
    ['every character escaped', [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['in hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
  ])('%s', (_, form) => {
    expect(own(`before ${form} after`)).toBe(`before ${blot} after`);
  });

  it.each(['', 'a', 'ab', 'abc'])('in base64 behind "%s"', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${before}${secret}!!!`).toString(encoding);
      const core = Buffer.from(secret).toString('base64').slice(4, 16);
      expect(own(`Basic ${text}.`)).toMatch(/^Basic .{0,4}\[redacted\].{0,6}\.$/);
      expect(own(text)).not.toContain(core);
    }
  });

  it('where the text was cut within it', () => {
    const most = Math.ceil(secret.length * 0.6);
    expect(said(`said ${secret.slice(0, most)}`)).toBe(`said ${blot}`);
    expect(said(`${secret.slice(-most)} and more`)).toBe(`${blot} and more`);
  });

  it('but not a name that the value happens to end with', () => {
    const of = makeRedactor(['postgres://poolproof_monitor:s3cret-s3cret@127.0.0.1:5432/poolproof']);
    expect(of.own('poolproof')).toBe('poolproof');
    expect(of.said('poolproof')).toBe('poolproof');
  });

  it('the longer one first', () => {
    expect(own('longer-than-that, longer-than')).toBe(`${blot}, ${blot}`);
  });
});

it('numbers and plain words are blotted out where others speak, and nowhere else', () => {
  expect(own('4711 tiger')).toBe('4711 tiger');
  expect(said('pin=4711, "tiger", 14711, tigers')).toBe(`pin=${blot}, "${blot}", 14711, tigers`);
});

it('a short one is no part of another word', () => {
  expect(own('k3y k3y1 %20k3y')).toBe(`${blot} k3y1 %20${blot}`);
});

it('a long text without any takes no time', () => {
  const { own: many } = makeRedactor(Array.from({ length: 40 }, (_, index) => `pl4nted-${index}-value`));
  const text = '<td class="x">row of 12.5 ms</td>\n'.repeat(30_000);
  const startMs = performance.now();
  expect(many(text)).toBe(text);
  expect(performance.now() - startMs).toBeLessThan(1_500);
});
