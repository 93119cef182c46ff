import type { RunClock } from '../base/clock.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import type { PingEvent } from '../evidence/event.ts';

/** A platform that takes longer for a ping is not there. */
const limitMs = 5_000;

/**
 * Times `count` requests, one after the other on one connection, to a path that reaches no instance: the latency of
 * the way to the platform alone. One more request before them opens the connection and is not counted. Throws
 * `EnvironmentError` when the platform does not answer.
 */
export async function pingPlatform(
  url: string,
  path: string,
  clock: RunClock,
  count: number,
): Promise<Omit<PingEvent, 't_us' | 'kind'>> {
  const { Client } = await import('undici');
  const client = new Client(url, { connectTimeout: limitMs, headersTimeout: limitMs, bodyTimeout: limitMs });
  const tookUs: number[] = [];
  try {
    for (let sent = 0; sent <= count; sent += 1) {
      const startUs = clock.nowUs();
      const { body } = await client.request({ method: 'GET', path });
      await body.dump();
      if (sent > 0) tookUs.push(clock.nowUs() - startUs);
    }
  } catch (error) {
    throw new EnvironmentError(
      [{ message: `the platform does not answer at ${url}${path}: ${messageOf(error)}` }],
      {
        cause: error,
      },
    );
  } finally {
    await client.destroy();
  }
  tookUs.sort((a, b) => a - b);
  return { n: tookUs.length, p50_us: quantile(tookUs, 0.5), p99_us: quantile(tookUs, 0.99) };
}

/** The smallest value that at least the share q of the values does not exceed; 0 where there are none. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? 0;
}
