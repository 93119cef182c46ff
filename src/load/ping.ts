import { connect } from 'node:net';
import type { RunClock } from '../base/clock.ts';
import { sleep } from '../base/deadline.ts';
import { EnvironmentError, messageOf } from '../base/errors.ts';
import type { PingEvent } from '../evidence/event.ts';

/** A platform that takes longer for a ping is not there. */
const limitMs = 5_000;

/** How often it pings during load. */
const everyMs = 100;

/** How long one round trip took, microseconds. */
type RoundTrip = () => Promise<number>;

/**
 * Times `count` round trips to the platform, one after another: what the way there costs by itself. With a path that
 * no instance sees they are requests on one connection; without one they are TCP connections, which wait for no
 * instance either. The first is not counted. Throws `EnvironmentError` when the platform does not answer.
 */
export async function pingPlatform(
  url: string,
  path: string | null,
  clock: RunClock,
  count: number,
): Promise<Omit<PingEvent, 't_us' | 'kind'>> {
  const { roundTrip, close } = path === null ? byConnecting(url, clock) : await byRequests(url, path, clock);
  const trips: Trip[] = [];
  try {
    for (let sent = 0; sent <= count; sent += 1) {
      const fromUs = clock.nowUs();
      const us = await roundTrip();
      if (sent > 0) trips.push({ from_us: fromUs, took_us: us });
    }
  } catch (error) {
    const where = `${url}${path ?? ''}`;
    throw new EnvironmentError(
      [{ message: `the platform does not answer at ${where}: ${messageOf(error)}` }],
      {
        cause: error,
      },
    );
  } finally {
    await close();
  }
  return summed(trips);
}

interface Trip {
  readonly from_us: number;
  readonly took_us: number;
}

function summed(trips: Trip[]): Omit<PingEvent, 't_us' | 'kind'> {
  const tookUs = trips.map(({ took_us: us }) => us).sort((a, b) => a - b);
  return { n: tookUs.length, p50_us: quantile(tookUs, 0.5), p99_us: quantile(tookUs, 0.99), trips };
}

/** Pings that go on until they are stopped. */
export interface RunningPing {
  /** Ends them; null where none was answered. */
  stop(): Promise<Omit<PingEvent, 't_us' | 'kind'> | null>;
}

/**
 * Pings ten times a second on a connection of its own, a round trip after another. Only with a path that no instance
 * sees: a service meets no connection that was not planned. A ping without an answer counts as the longest that is waited for.
 */
export async function keepPinging(url: string, path: string, clock: RunClock): Promise<RunningPing> {
  const { roundTrip, close } = await byRequests(url, path, clock);
  const trips: Trip[] = [];
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  const ended = (async (): Promise<void> => {
    while (!isOver()) {
      const fromUs = clock.nowUs();
      const us = await roundTrip().catch(() => 1000 * limitMs);
      if (isOver()) return;
      trips.push({ from_us: fromUs, took_us: us });
      await sleep(everyMs, over.signal);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await close();
      await ended;
      return trips.length === 0 ? null : { during: 'load', ...summed(trips) };
    },
  };
}

interface Path {
  readonly roundTrip: RoundTrip;
  readonly close: () => Promise<void>;
}

async function byRequests(url: string, path: string, clock: RunClock): Promise<Path> {
  const { Client } = await import('undici');
  const client = new Client(url, { connectTimeout: limitMs, headersTimeout: limitMs, bodyTimeout: limitMs });
  const roundTrip = async (): Promise<number> => {
    const startUs = clock.nowUs();
    const { body } = await client.request({ method: 'GET', path });
    await body.dump();
    return clock.nowUs() - startUs;
  };
  return { roundTrip, close: () => client.destroy() };
}

function byConnecting(url: string, clock: RunClock): Path {
  const { hostname, port, protocol } = new URL(url);
  const place = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  };
  const roundTrip = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const startUs = clock.nowUs();
      const socket = connect(place, () => {
        resolve(clock.nowUs() - startUs);
        socket.destroy();
      });
      socket.once('error', reject);
      socket.setTimeout(limitMs, () => socket.destroy(new Error(`no connection within ${limitMs} ms`)));
    });
  return { roundTrip, close: () => Promise.resolve() };
}

/** The smallest value that at least the share q of the values does not exceed; 0 where there are none. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? 0;
}
