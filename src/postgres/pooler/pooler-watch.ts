import type { RunClock } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import { messageOf } from '../../base/errors.ts';
import type { PoolerEvent } from '../../evidence/event.ts';
import { openConsole, type Console, type ConsoleLogin } from './console.ts';
import { readClients, readLimits, readPools, readServerPids, readStats } from './console-rows.ts';

/** One pooler to look at. */
export interface WatchOrders {
  readonly whose: Pick<PoolerEvent, 'pooler' | 'service' | 'instance'>;
  readonly login: ConsoleLogin;
  /** Between the beginnings of two looks; asked anew each time, since all poolers share one rate. */
  readonly everyMs: () => number;
  readonly clock: RunClock;
  readonly onEvent: (event: PoolerEvent) => void;
}

/** A pooler that is looked at. */
export interface RunningWatch {
  stop(): Promise<void>;
}

/** The pause before another attempt to reach a missing console. */
const againMs = 500;
/** Between two looks at single connections. */
const closelyEveryUs = 1_000_000;

/** Looks again and again, one look at a time; a slow one puts the next off. Failures are told once until they change. */
export function watchPooler(orders: WatchOrders): RunningWatch {
  const stopping = new AbortController();
  const done = lookOn(orders, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

async function lookOn(orders: WatchOrders, signal: AbortSignal): Promise<void> {
  let told: string | null = null;
  while (!signal.aborted) {
    const error = await lookUntilLost(orders, signal, () => (told = null));
    if (error === null) return;
    if (error !== told) orders.onEvent(failed(orders, error));
    told = error;
    await sleep(againMs, signal);
  }
}

/** Why the console was lost; null where it was left. */
async function lookUntilLost(
  orders: WatchOrders,
  signal: AbortSignal,
  onLook: () => void,
): Promise<string | null> {
  let session: Console | null = null;
  try {
    session = await openConsole(orders.login);
    const limits = readLimits(await session.show('config'));
    let closelyUs = -Infinity;
    for (let looks = 0; !signal.aborted; looks += 1) {
      const isClose = orders.clock.nowUs() - closelyUs >= closelyEveryUs;
      if (isClose) closelyUs = orders.clock.nowUs();
      const event = { ...(await look(session, orders)), ...(isClose ? await lookClosely(session) : {}) };
      orders.onEvent(looks === 0 ? { ...event, limits } : event);
      onLook();
      await sleep(orders.everyMs() - event.rtt_us / 1000, signal);
    }
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    await session?.close();
  }
}

async function look(session: Console, { whose, clock }: WatchOrders): Promise<PoolerEvent> {
  const tUs = clock.nowUs();
  const pools = readPools(await session.show('pools'));
  const stats = readStats(await session.show('stats'));
  return { t_us: tUs, kind: 'pooler', ...whose, ok: true, rtt_us: clock.nowUs() - tUs, pools, ...stats };
}

/** A line for each connection of either side: it costs the pooler more than the look at its pools. */
async function lookClosely(session: Console): Promise<Pick<PoolerEvent, 'clients' | 'server_pids'>> {
  const clients = readClients(await session.show('clients'));
  return { clients, server_pids: readServerPids(await session.show('servers')) };
}

function failed({ whose, clock }: WatchOrders, error: string): PoolerEvent {
  return { t_us: clock.nowUs(), kind: 'pooler', ...whose, ok: false, rtt_us: 0, pools: [], error };
}
