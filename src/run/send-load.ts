import { sleep, within } from '../base/deadline.ts';
import type { AttemptBlock } from '../evidence/dataset/attempt-block.ts';
import { firstEnd, type LoadEnd } from './first-end.ts';
import { recordGenerator, stallsInto } from './record-generator.ts';
import type { Recorder } from './recorder.ts';
import { readyRunChaos } from './start-chaos.ts';
import type { RunOrders } from './run-orders.ts';
import { warmPathOf, type RunContext } from './run-context.ts';

/** Lanes connect and warm up in this time, before the first phase starts. */
const leadMs = 2_500;
/** How long requests in flight get when the run is stopped. */
const cutMs = 2_000;
/** The observers watch the database at least this long after the last answer. */
const calmMs = 1_000;
/** Statements that run longer than this are not waited for. */
const longestDrainMs = 30_000;

const pings = 100;

/** Times the path, sends the whole schedule, and waits for its end or a reason to stop. */
export async function sendLoad(orders: RunOrders, recorder: Recorder, context: RunContext): Promise<LoadEnd> {
  const { plan, clock, board, signal } = orders;
  const { pingPlatform } = await import('../load/ping.ts');
  const { startLoad } = await import('../load/start-load.ts');
  const { url, pingPath } = context.service;
  const ping = await pingPlatform(url, pingPath, clock, pings);
  recorder.event({ ...ping, t_us: clock.nowUs(), kind: 'ping' });

  const beginChaos = await readyRunChaos(orders, recorder, context);
  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const onAttempts = (block: AttemptBlock): void => {
    context.abort.attempts(block);
    recorder.attempts(block);
  };
  const load = await startLoad({
    plan,
    url: context.service.url,
    ...warmPathOf(context.service),
    clock,
    loadStartUs,
    onAttempts,
    onStall: stallsInto(recorder, 'lane'),
  });
  await context.keep({ load_start_us: loadStartUs });
  recorder.event({ t_us: loadStartUs, kind: 'mark', name: 'load_start' });
  board.enter('load');
  orders.onLoad?.(load, loadStartUs, plan);
  const chaos = beginChaos?.(loadStartUs) ?? null;

  const recordPing = await keepPing(orders, recorder, context);
  context.abort.begin(loadStartUs);
  const end = await firstEnd(load, context, signal);
  context.abort.stop();
  if (end.how === 'aborted') recorder.mark('aborted', end.reason ?? undefined);
  if (end.how !== 'completed') load.stop(cutMs);
  const outcome = await within(load.finished, cutMs * 2, null);
  await recordPing();
  // The teardown reports what could not be undone.
  await chaos?.stop();
  recordGenerator(recorder, clock.nowUs(), outcome);
  recorder.mark('load_end');
  board.enter('draining');
  if (end.how === 'completed') await calmDown(orders, recorder, context);
  recorder.mark('drain_end');
  return end;
}

/** Goes on pinging until the returned function is called, which records it; or to the teardown, where load has failed. */
async function keepPing(
  { clock }: RunOrders,
  recorder: Recorder,
  { service: { url, pingPath }, teardown }: RunContext,
): Promise<() => Promise<void>> {
  if (pingPath === null) return () => Promise.resolve();
  const { keepPinging } = await import('../load/ping.ts');
  const pinging = await keepPinging(url, pingPath, clock);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    const pinged = await pinging.stop();
    if (pinged !== null) recorder.event({ ...pinged, t_us: clock.nowUs(), kind: 'ping' });
  };
  const stopOnce = (): Promise<void> => (stopped ??= stop());
  teardown.add('stop pinging', 2_000, stopOnce);
  return stopOnce;
}

/**
 * Waits for the database to calm down and records what still works in it once no request waits for it: for as long as
 * a statement may take. The observers see at least some of the calm.
 */
async function calmDown({ plan, signal }: RunOrders, recorder: Recorder, context: RunContext): Promise<void> {
  const { services } = plan.scenario.contract;
  const statementMs = Math.max(...services.map(({ statementTimeoutMs }) => statementTimeoutMs));
  const [drained] = await Promise.all([
    context.drain(Math.min(statementMs + calmMs, longestDrainMs), signal),
    sleep(calmMs, signal),
  ]);
  recorder.event(drained);
}
