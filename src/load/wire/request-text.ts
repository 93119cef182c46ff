import { headerList, type HttpRequest } from '../request/http-request.ts';

/** Requests with these methods must say that they have no body (RFC 9110, 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * A request in HTTP/1.1: a string to be written as latin1, one byte per character, or bytes where the body has other
 * characters. `ownLines`: the header lines of the connection, each ended by CRLF.
 */
export function requestText(request: HttpRequest, ownLines: string): string | Buffer {
  const { method, path, headers, extra, body } = request;
  const extraLines = extra.length === 0 ? '' : headerList(extra).lines;
  const head = `${method} ${path} HTTP/1.1\r\n${ownLines}${headers.lines}${extraLines}`;
  if (body === null || body === '')
    return withBody.has(method) ? `${head}content-length: 0\r\n\r\n` : `${head}\r\n`;
  const bytes = Buffer.byteLength(body);
  const whole = `${head}content-length: ${bytes}\r\n\r\n`;
  // As many bytes as characters means that all of them are ASCII.
  return bytes === body.length ? whole + body : joined(whole, body, bytes);
}

function joined(head: string, body: string, bodyBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + bodyBytes);
  bytes.write(head, 'latin1');
  bytes.write(body, head.length, 'utf8');
  return bytes;
}
