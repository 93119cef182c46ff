import { expect, test } from 'vitest';
import { readRequestHead, readResponseHeaders } from '../../src/platform/local/request/headers.ts';

test('hands on what is meant for the service, not what is meant for this hop', () => {
  const head = readRequestHead([
    'Host', 'x', 'Connection', 'keep-alive, X-Private', 'X-Private', '1', 'TE', 'trailers', 'Accept', 'a', 'accept', 'b',
  ]); // oxfmt-ignore
  expect(head.headers).toEqual(['Host', 'x', 'Accept', 'a', 'accept', 'b']);
  expect(head).toMatchObject({ hasBody: false, upgrade: false, contentLength: null });
});

test('sees whether a body or an upgrade is coming', () => {
  expect(readRequestHead(['content-length', '0']).hasBody).toBe(false);
  expect(readRequestHead(['Content-Length', '7'])).toMatchObject({ hasBody: true, contentLength: 7 });
  expect(readRequestHead(['Transfer-Encoding', 'chunked']).hasBody).toBe(true);
  expect(readRequestHead(['Connection', 'Upgrade', 'Upgrade', 'websocket']).upgrade).toBe(true);
});

test('an instance cannot speak for the platform', () => {
  const raw = [
    'Content-Type',
    'a/b',
    'X-Poolproof-Platform',
    'no_instance',
    'Connection',
    'close',
    'Set-Cookie',
    'é',
  ];
  expect(readResponseHeaders(raw.map((word) => Buffer.from(word, 'latin1')))).toEqual([
    'Content-Type',
    'a/b',
    'Set-Cookie',
    'é',
  ]);
});
