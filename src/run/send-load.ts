import { sleep, within } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import type { AttemptBlock } from '../evidence/attempt-block.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import type { LoadOutcome, RunningLoad } from '../load/load.ts';
import type { RunningPlatform } from '../platform/platform.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';
import type { Recorder } from './recorder.ts';
import { startRunChaos } from './start-chaos.ts';
import type { RunOrders } from './run-orders.ts';

/** What load is sent at, and where its start is noted. */
export interface Stand {
  readonly platform: RunningPlatform;
  readonly postgres: RunningPostgres;
  readonly keep: (change: Partial<RunRecord>) => Promise<void>;
}

/** Why load stopped. */
export interface LoadEnd {
  readonly how: 'completed' | 'interrupted' | 'failed';
  readonly reason: string | null;
}

/** The same, and what of the chaos could not be undone. */
export interface LoadResult extends LoadEnd {
  readonly notUndone: readonly string[];
}

/** Lanes connect and warm up in this time, before the first phase starts. */
const leadMs = 2_500;
/** What is in flight may end in this time when a person wants to stop. */
const cutMs = 2_000;
/** The observers watch the database calm down for this long after the last answer. */
const calmMs = 1_000;

const pings = 100;

/** Measures the path, sends the whole schedule, and waits for its end or for a reason to stop. */
export async function sendLoad(orders: RunOrders, recorder: Recorder, stand: Stand): Promise<LoadResult> {
  const { plan, clock, board, signal } = orders;
  const { pingPlatform } = await import('../load/ping.ts');
  const { startLoad } = await import('../load/start-load.ts');
  const ping = await pingPlatform(stand.platform.url, stand.platform.pingPath, clock, pings);
  recorder.event({ ...ping, t_us: clock.nowUs(), kind: 'ping' });

  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const onAttempts = (block: AttemptBlock): void => recorder.attempts(block);
  const load = await startLoad({
    plan,
    url: stand.platform.url,
    warmPath: stand.platform.pingPath,
    clock,
    loadStartUs,
    onAttempts,
  });
  await stand.keep({ load_start_us: loadStartUs });
  recorder.event({ t_us: loadStartUs, kind: 'mark', name: 'load_start' });
  board.enter('load');
  orders.onLoad?.(load, loadStartUs);
  const chaos = await startRunChaos(orders, recorder, stand.platform, loadStartUs);

  const end = await firstOf(load, stand, signal);
  if (end.how !== 'completed') load.stop(cutMs);
  const outcome = await within(load.finished, cutMs * 2, null);
  const notUndone = (await chaos?.stop()) ?? [];
  recordGenerator(recorder, clock.nowUs(), outcome);
  recorder.mark('load_end');
  board.enter('draining');
  await sleep(end.how === 'completed' ? calmMs : 0, signal);
  recorder.mark('drain_end');
  return { ...end, notUndone };
}

/** Whatever ends the load first: its schedule, the person, or the loss of what it runs against. */
async function firstOf(load: RunningLoad, stand: Stand, signal: AbortSignal): Promise<LoadEnd> {
  const asked = new Promise<LoadEnd>((resolve) => {
    const stop = (): void => resolve({ how: 'interrupted', reason: messageOf(signal.reason) });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([
    load.finished.then((): LoadEnd => ({ how: 'completed', reason: null })),
    stand.platform.lost.then((why): LoadEnd => ({ how: 'failed', reason: `the platform was lost: ${why}` })),
    stand.postgres.lost.then((why): LoadEnd => ({ how: 'failed', reason: `Postgres was lost: ${why}` })),
    asked,
  ]);
}

function recordGenerator(recorder: Recorder, nowUs: number, outcome: LoadOutcome | null): void {
  for (const lane of outcome?.lanes ?? []) recorder.event({ ...lane, t_us: nowUs, kind: 'generator' });
}
