import { expect, it } from 'vitest';
import { makeCookieJars } from '../../../src/load/request/cookies.ts';

const url = 'http://127.0.0.1:8080/orders/1';

it('a client sends back what it was given, and no other client does', () => {
  const jars = makeCookieJars();
  expect(jars.headerFor(0, url)).toBeNull();
  jars.store(0, url, ['sid=a; Path=/; HttpOnly', 'theme=dark; Path=/']);
  jars.store(1, url, ['sid=b; Path=/']);
  expect(jars.headerFor(0, url)).toBe('sid=a; theme=dark');
  expect(jars.headerFor(1, url)).toBe('sid=b');
  expect(jars.headerFor(2, url)).toBeNull();
});

it('a newer cookie takes the place of an older, and one that expired is gone', () => {
  const jars = makeCookieJars();
  jars.store(0, url, ['sid=a; Path=/']);
  jars.store(0, url, ['sid=b; Path=/']);
  expect(jars.headerFor(0, url)).toBe('sid=b');
  jars.store(0, url, ['sid=; Path=/; Max-Age=0']);
  expect(jars.headerFor(0, url)).toBeNull();
});

it('a cookie goes to its path alone, and to no other host', () => {
  const jars = makeCookieJars();
  jars.store(0, url, ['here=1', 'cart=2; Path=/cart', 'foreign=3; Path=/; Domain=example.com']);
  expect(jars.headerFor(0, url)).toBe('here=1');
  expect(jars.headerFor(0, 'http://127.0.0.1:8080/cart?x')).toBe('cart=2');
  expect(jars.headerFor(0, 'http://127.0.0.2:8080/cart')).toBeNull();
});

it('a Secure cookie works where the emulator speaks plain HTTP on loopback', () => {
  const jars = makeCookieJars();
  jars.store(0, url, ['sid=a; Path=/; Secure; SameSite=None']);
  jars.store(0, 'http://example.com/', ['sid=b; Path=/; Secure']);
  expect(jars.headerFor(0, url)).toBe('sid=a');
  expect(jars.headerFor(0, 'http://example.com/')).toBeNull();
});

it('a malformed or huge cookie is left out, the others are kept', () => {
  const jars = makeCookieJars();
  jars.store(0, url, ['', '=;=', `big=${'x'.repeat(5000)}; Path=/`, 'sid=a; Path=/']);
  expect(jars.headerFor(0, url)).toBe('sid=a');
});

it('a cookie of 4096 bytes is kept, one of a byte more is not', () => {
  const jars = makeCookieJars();
  const rest = 'a=; Path=/'.length;
  jars.store(0, url, [`a=${'x'.repeat(4096 - rest)}; Path=/`, `b=${'x'.repeat(4097 - rest)}; Path=/`]);
  expect(jars.headerFor(0, url)).toMatch(/^a=x+$/);
});

it('of too many cookies, the one goes that was not given for the longest time', () => {
  const jars = makeCookieJars();
  const give = (name: string): void => jars.store(0, url, [`${name}=1; Path=/`]);
  for (let cookie = 0; cookie < 50; cookie += 1) give(`c${cookie}`);
  give('c0');
  give('more');
  const sent = jars.headerFor(0, url)?.split('; ');
  expect(sent).toContain('c0=1');
  expect(sent).not.toContain('c1=1');
  expect(sent).toContain('more=1');
});

it('a client keeps the last 50 cookies, however many it is given', () => {
  const jars = makeCookieJars();
  for (let answer = 0; answer < 500; answer += 1)
    jars.store(0, url, [`c${answer}=1; Path=/`, 'sid=a; Path=/']);
  const sent = jars.headerFor(0, url)?.split('; ') ?? [];
  expect(sent).toHaveLength(50);
  expect(sent).toContain('sid=a');
  expect(sent).toContain('c499=1');
  expect(sent).not.toContain('c400=1');
});
