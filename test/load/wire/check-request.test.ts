import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.ts';
import { headerList, type HttpRequest } from '../../../src/load/request/http-request.ts';
import { checkRequest } from '../../../src/load/wire/check-request.ts';

const request = (wanted: Partial<HttpRequest>): HttpRequest => ({
  method: 'GET',
  path: '/orders/1?full=%20',
  headers: headerList([]),
  extra: [],
  body: null,
  keepBytes: 0,
  ...wanted,
});

function messages(wanted: Partial<HttpRequest>): readonly string[] {
  try {
    checkRequest(request(wanted));
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems.map(({ message }) => message);
  }
}

describe('whether a request can be written', () => {
  it('lets pass what can', () => {
    expect(messages({})).toEqual([]);
    expect(messages({ method: 'PURGE', path: '/\xe9~', extra: ['cookie', 'a="\xe9\t1"'] })).toEqual([]);
  });

  it('names everything that can not, without the value of a header', () => {
    expect(messages({ method: '', path: '/a b', extra: ['cookie', 'secret\r\n', 'x y', '1'] })).toEqual([
      '"" is not an HTTP method',
      expect.stringContaining('the path "/a b" can\'t be sent'),
      `the header "cookie" has a character that headers can't have`,
      `the header "x y" has a character that headers can't have`,
    ]);
  });

  it('says how a path is written that has other characters', () => {
    expect(() => checkRequest(request({ path: '/a b' }))).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ hint: 'write other characters percent-encoded, as %20' })],
      }) as Error,
    );
  });

  it('looks at headers of its own where all else is right', () => {
    expect(messages({ extra: ['cookie', 'a\n'] })).toHaveLength(1);
  });

  it.each(['', 'orders', '/a\nb', '/a\0', '/\x7f', '/ž', 'http://a/b'])('refuses the path %j', (path) => {
    expect(messages({ path })).toHaveLength(1);
  });
});
