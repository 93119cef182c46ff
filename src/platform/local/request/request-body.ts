import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import type { RequestHead } from './headers.ts';

/** Bodies up to this size are read before the request waits for an instance, so they survive their sender. */
const heldBytes = 64 * 1024;

/** None, the whole body, or a stream that fails with `BodyTooLarge` beyond the limit. */
export type RequestBody = null | Buffer | Readable;

/** The body is larger than the platform accepts. */
export class BodyTooLarge extends Error {
  constructor() {
    super('the request body is larger than the platform accepts');
    this.name = 'BodyTooLarge';
  }
}

/** The body of a request that has one; `gone` when the sender left before a short one was complete. */
export async function readBody(
  request: IncomingMessage,
  head: RequestHead,
  maxBytes: number,
): Promise<RequestBody | 'gone'> {
  const short = head.contentLength !== null && head.contentLength <= heldBytes;
  return short ? collect(request) : limitedTo(maxBytes, request);
}

async function collect(request: IncomingMessage): Promise<Buffer | 'gone'> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return 'gone';
  }
  return Buffer.concat(chunks);
}

/** A stream of its own: cutting it must not cut the connection that the answer needs. */
function limitedTo(maxBytes: number, request: IncomingMessage): Readable {
  let seen = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > maxBytes) done(new BodyTooLarge());
      else done(null, chunk);
    },
  });
  request.once('error', (error) => limited.destroy(error));
  limited.once('close', () => {
    request.unpipe(limited);
    request.resume();
  });
  // Nobody listens before the request is forwarded; later readers see the failure.
  limited.on('error', () => undefined);
  return request.pipe(limited);
}
