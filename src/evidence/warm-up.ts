import { attemptTable } from './attempt-table.ts';
import type { Attempt } from './attempt.ts';
import { encodePart } from './part-encoding.ts';

let warmed: Promise<unknown> | undefined;

/**
 * Encodes some rows and throws them away, before the run is timed: the first encoding of a process is many
 * times slower than the later ones and would stall the sampler in the middle of the first phase. Once is enough.
 */
export async function warmUpEncoding(): Promise<void> {
  warmed ??= encodePart(
    attemptTable,
    Array.from({ length: 6000 }, (_, arrival) => rowOf(arrival)),
  );
  await warmed;
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
    bodyValid: true,
    bytes: 120,
  };
}
