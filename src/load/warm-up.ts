import type { RunClock } from '../base/clock.ts';
import type { Connection } from './connection.ts';
import type { Ending } from './classify.ts';

/** What to warm up against, and until when. */
export interface WarmUp {
  readonly path: string;
  readonly untilUs: number;
  readonly clock: RunClock;
}

/** Requests that every connection carries: by then the code that sends and reads them is compiled. */
const rounds = 6;
const timeoutMs = 1000;

/**
 * Opens the connections and runs the sending code hot on a path that no instance sees. Without it the first
 * arrivals wait for sockets and for the compiler: hundreds of milliseconds at thousands a second. Returns the
 * connections that work.
 */
export async function warmUp(
  connections: readonly Connection[],
  { path, untilUs, clock }: WarmUp,
): Promise<readonly Connection[]> {
  let working = connections;
  for (let round = 0; round < rounds && clock.nowUs() < untilUs; round += 1) {
    const endings = await Promise.all(working.map((connection) => ask(connection, path)));
    working = working.filter((_, index) => endings[index] === 'answered');
  }
  return working;
}

function ask(connection: Connection, path: string): Promise<Ending> {
  return new Promise((resolve) => {
    connection.onEnd = (_, ending) => resolve(ending);
    connection.send(-1, { method: 'GET', path }, timeoutMs);
  });
}
