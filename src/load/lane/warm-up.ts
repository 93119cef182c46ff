import type { RunClock } from '../../base/clock.ts';
import type { PooledConnection } from './connection-pool.ts';
import { headerList, type HttpRequest } from '../request/http-request.ts';
import type { Connection } from '../transport.ts';

/** What to warm up against, and until when. */
export interface WarmUp {
  readonly path: string;
  readonly untilUs: number;
  readonly clock: RunClock;
}

/** Requests per connection: by then the code that sends and reads them is compiled. */
const rounds = 40;
const timeoutMs = 1000;

/**
 * Opens the connections and runs the sending code hot on a path that no instance sees. Without it the first
 * arrivals wait for sockets and for the compiler: hundreds of milliseconds at thousands a second. Returns the
 * connections that were answered every time.
 */
export async function warmUp(
  connections: readonly PooledConnection[],
  { path, untilUs, clock }: WarmUp,
): Promise<readonly PooledConnection[]> {
  const request = { method: 'GET', path, headers: headerList([]), extra: [], body: null, keepBytes: 0 };
  let working = connections;
  for (let round = 0; round < rounds && clock.nowUs() < untilUs; round += 1) {
    const answered = await Promise.all(working.map(({ connection }) => ask(connection, request)));
    working = working.filter((_, index) => answered[index] === true);
  }
  return working;
}

async function ask(connection: Connection, request: HttpRequest): Promise<boolean> {
  const { onEnd } = connection;
  const isAnswered = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    connection.onEnd = (end) => {
      clearTimeout(timer);
      resolve(end === 'answered');
    };
    connection.send(request);
  });
  connection.onEnd = onEnd;
  if (!isAnswered) connection.destroy();
  return isAnswered;
}
