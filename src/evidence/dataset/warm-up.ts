import { makeAttemptBlocks } from './attempt-block.ts';
import { attemptTable } from './attempt-table.ts';
import type { Attempt } from '../attempt.ts';

const rows = 6000;

let warmed: Promise<void> | undefined;

/**
 * Encodes some rows and throws them away, before the run is timed: the first encoding of a process is many
 * times slower than later ones and would stall the sampler in the middle of the first phase. Once is enough.
 */
export async function warmUpEncoding(): Promise<void> {
  warmed ??= encodeSome();
  await warmed;
}

async function encodeSome(): Promise<void> {
  const { encodePart } = await import('./part-encoding.ts');
  const blocks = makeAttemptBlocks(rows);
  for (let arrival = 0; arrival < rows; arrival += 1) blocks.add(rowOf(arrival));
  await encodePart(attemptTable, [blocks.take() ?? []].flat());
}

function rowOf(arrival: number): Attempt {
  return {
    arrival,
    attempt: 1,
    client: 0,
    route: 'read',
    phase: 'baseline',
    intendedUs: arrival * 2000,
    sentUs: arrival * 2000 + 50,
    endedUs: arrival * 2000 + 5000 + (arrival % 700),
    status: 200,
    outcome: 'ok',
    errorCode: null,
    sqlstate: null,
    retryAfterMs: null,
    instance: `instance-${arrival % 4}`,
    revision: 'revision',
    receivedUs: arrival * 2000 + 900,
    acquireUs: arrival % 300,
    connectUs: null,
    ownUs: 100,
    bodyValid: true,
    bytes: 120,
  };
}
