import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerList, type HttpRequest } from '../../../src/load/request/http-request.ts';
import { requestText } from '../../../src/load/wire/request-text.ts';
import { anyText } from '../../support/any-text.ts';

const own = 'host: a:1\r\nconnection: keep-alive\r\n';

const request = (wanted: Partial<HttpRequest>): HttpRequest => ({
  method: 'GET',
  path: '/a',
  headers: headerList(['x', 'y']),
  extra: [],
  body: null,
  keepBytes: 0,
  ...wanted,
});

const bytesOf = (wanted: Partial<HttpRequest>): Buffer => {
  const text = requestText(request(wanted), own);
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
};

describe('a request as HTTP/1.1 writes it', () => {
  it('without a body', () => {
    expect(requestText(request({}), own)).toBe(`GET /a HTTP/1.1\r\n${own}x: y\r\n\r\n`);
  });

  it('with headers of its own', () => {
    expect(requestText(request({ extra: ['cookie', 'a=b'] }), own)).toContain('x: y\r\ncookie: a=b\r\n\r\n');
  });

  it('says that there is no body where one would be expected', () => {
    const lengths = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST', 'PUT', 'PATCH'].map(
      (method) => /content-length: \d+/.exec(bytesOf({ method, body: '' }).toString())?.[0],
    );
    expect(lengths).toEqual([
      ...Array<undefined>(4).fill(undefined),
      ...Array<string>(3).fill('content-length: 0'),
    ]);
  });

  it('with any body: the length is that of its bytes, and the head is latin1', () => {
    fc.assert(
      fc.property(anyText(1), fc.boolean(), (body, isAscii) => {
        const sent = isAscii ? JSON.stringify(body).replace(/[^\0-\x7f]/g, '?') : body;
        const bytes = bytesOf({ method: 'POST', path: '/\xe9', body: sent });
        const end = bytes.indexOf('\r\n\r\n') + 4;
        expect(bytes.toString('latin1', 0, end)).toBe(
          `POST /\xe9 HTTP/1.1\r\n${own}x: y\r\ncontent-length: ${bytes.length - end}\r\n\r\n`,
        );
        expect(bytes.subarray(end).equals(Buffer.from(sent, 'utf8'))).toBe(true);
      }),
    );
  });
});
