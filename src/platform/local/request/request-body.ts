import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import type { RequestHead } from './headers.ts';

/** Up to here a body is read before the request waits for an instance: it survives its sender. */
const heldBytes = 64 * 1024;

/** Nothing, all of it, or a stream of it that fails with `BodyTooLarge` beyond the limit. */
export type RequestBody = null | Buffer | Readable;

/** More was sent than the platform lets through. */
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

/** A stream apart from the request's own: cutting it must not cut the connection that the answer needs. */
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
  // Before the request is sent on nobody listens; whoever reads later sees the failure.
  limited.on('error', () => undefined);
  return request.pipe(limited);
}
