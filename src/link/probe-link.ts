import { connect } from 'node:net';
import { sleep } from '../base/deadline.ts';
import type { RunClock } from '../base/clock.ts';

/** How a link answered. `silent`: the connection was accepted and nothing came back. */
export type LinkAnswer =
  | { readonly kind: 'answered'; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'silent' };

/** A cancel request for process 0, which never exists. Postgres closes the connection without an answer. */
const cancelNothing = Buffer.from([0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 0, 0, 0, 0, 0]);

/**
 * Goes through a link to Postgres and back like a client, with a cancel request, which takes no slot and is no attempt
 * at a session. Measures the time from the request until Postgres closes.
 */
export async function probeLink(
  { host, port }: { readonly host: string; readonly port: number },
  limitMs: number,
  clock: RunClock,
): Promise<LinkAnswer> {
  const socket = connect({ host, port, noDelay: true });
  const over = new AbortController();
  let sentUs = 0;
  const answer = new Promise<LinkAnswer>((resolve) => {
    socket.once('connect', () => {
      sentUs = clock.nowUs();
      socket.write(cancelNothing);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'refused', code: error.code ?? error.message }),
    );
    socket.once('end', () => resolve({ kind: 'answered', tookMs: (clock.nowUs() - sentUs) / 1000 }));
    socket.resume();
  });
  const silence = sleep(limitMs, over.signal).then((): LinkAnswer => ({ kind: 'silent' }));
  const answered = await Promise.race([answer, silence]);
  over.abort();
  socket.destroy();
  return answered;
}
