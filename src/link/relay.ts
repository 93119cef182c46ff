import type { Socket } from 'node:net';

/**
 * Passes every byte of one direction on, unchanged and in order, at the pace of the slower side. When the
 * receiving side is gone, the sending side is read to its end all the same: what it still says is looked at.
 *
 *   client ── look ──> upstream
 *   client <── look ── upstream
 *
 * Whatever shall happen to the bytes of one direction (delay, loss, reset) belongs here and nowhere else.
 */
export function relay(source: Socket, sink: Socket, look: (chunk: Buffer) => void): void {
  source.on('data', (chunk: Buffer) => {
    look(chunk);
    if (sink.writable && !sink.write(chunk)) source.pause();
  });
  sink.on('drain', () => source.resume());
  sink.on('close', () => source.resume());
  source.on('end', () => sink.end());
}
