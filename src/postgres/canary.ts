import type { Client } from 'pg';
import type { RunClock } from '../base/clock.ts';
import { sleep, within } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import { wordsOf } from '../base/system-error.ts';
import { makeRandom } from '../base/random.ts';
import { watchStalls } from '../base/stall-watch.ts';
import type { CanaryEvent } from '../evidence/event.ts';
import { connect, sqlstateOf } from './connect.ts';
import { disconnect } from './disconnect.ts';
import type { Login } from './postgres-server.ts';

const everyMs = 1000;
/** Longer than any limit on getting a session; after that the canary counts as failed. */
const timeoutMs = 5000;

/** What the canary needs to know. */
export interface CanaryOrders {
  /** Whom it stands for: the owner of the headroom, or another service. */
  readonly role: 'headroom' | 'neighbor';
  /** An ordinary role: one with reserved slots would still get in when nobody else can. */
  readonly login: Login;
  readonly seed: number;
  readonly clock: RunClock;
  readonly onEvent: (event: CanaryEvent) => void;
}

/** A canary at work. */
export interface RunningCanary {
  stop(): Promise<void>;
}

/**
 * About once a second connects, asks `select 1` and disconnects: what a person with a console, a migration or a
 * neighbour would experience. One at a time; a slow one delays the next, and its own times say how slow it was.
 */
export function startCanary(orders: CanaryOrders): RunningCanary {
  const stopping = new AbortController();
  const done = probeOn(orders, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function probeOn(orders: CanaryOrders, signal: AbortSignal): Promise<void> {
  const random = makeRandom(orders.seed, `canary ${orders.role}`);
  let dueUs = orders.clock.nowUs();
  while (!signal.aborted) {
    const event = await probe(orders);
    if (event !== null) orders.onEvent(event);
    dueUs = Math.max(dueUs + everyMs * 1000 * (0.5 + random()), orders.clock.nowUs());
    await sleep((dueUs - orders.clock.nowUs()) / 1000, signal);
  }
}

/** Null where this machine had no port, file or memory for it: that says nothing of the server. */
async function probe({ role, login, clock }: CanaryOrders): Promise<CanaryEvent | null> {
  const stalls = watchStalls(clock);
  const sentUs = clock.nowUs();
  let connectedUs: number | null = null;
  let failure: unknown = null;
  let client: Client | null = null;
  try {
    client = await connect(login, { timeoutMs });
    connectedUs = clock.nowUs();
    const late = new Error(`no answer within ${timeoutMs} ms`);
    const query = client.query('select 1');
    query.catch(() => undefined);
    if ((await within<unknown, Error>(query, timeoutMs, late)) === late) throw late;
  } catch (error) {
    failure = error;
  }
  const endedUs = clock.nowUs();
  const stalledUs = stalls.end();
  if (client !== null) await disconnect(client);
  if (wordsOf(failure) !== null) return null;
  return {
    t_us: sentUs,
    kind: 'canary',
    role,
    ok: failure === null,
    connect_us: (connectedUs ?? endedUs) - sentUs,
    query_us: connectedUs === null ? null : endedUs - connectedUs,
    stalled_us: stalledUs,
    sqlstate: sqlstateOf(failure),
    error: failure === null ? null : messageOf(failure),
  };
}
