import { DefectError, KnownError, messageOf } from '../base/errors.ts';
import { identityOf } from '../base/processes/process-identity.ts';
import { watchStalls } from '../base/stall-watch.ts';
import { makeTeardown, type Teardown } from '../base/teardown.ts';
import type { LossEvent } from '../evidence/event.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { watchMachine } from '../load/machine/watch-machine.ts';
import type { RunContext } from './run-context.ts';
import type { RunOrders } from './run-orders.ts';
import { measureCapacity } from './measure-capacity.ts';
import { watchLoad } from './abort/watch-load.ts';
import { prepareChaos } from './prepare-chaos.ts';
import { probeLeaks } from './probe-leaks.ts';
import { stallsInto } from './record-generator.ts';
import { makeRecorder, type Recorder } from './recorder.ts';
import { sendLoad } from './send-load.ts';
import { startDatabase } from './start-database.ts';
import { startObservers } from './start-observers.ts';
import { startService } from './start-service.ts';
import { watchParts, type Part, type PartsWatch } from './watch-parts.ts';

/** How a run ended, and what could not be undone. */
export interface RunEnd {
  readonly record: RunRecord;
  readonly leftOver: readonly string[];
  /** A part of poolproof that failed by itself and ended the run; null as a rule. */
  readonly defect: DefectError | null;
}

/**
 * Conducts one run: Postgres and its observers, the service, the load. Then it undoes everything, newest first, whatever
 * happened. What the service does is an observation; this throws only when no run could take place.
 */
export async function run(orders: RunOrders): Promise<RunEnd> {
  const recorder = makeRecorder(orders.writer, orders.board, orders.clock);
  const teardown = makeTeardown();
  const leftOver: string[] = [];
  let record = orders.record;
  let defect: DefectError | null = null;
  const keep = async (change: Partial<RunRecord>): Promise<void> => {
    record = { ...record, ...change };
    await orders.writer.record(record);
  };
  const end = (how: RunRecord['ended']['how'], reason: string | null): Promise<void> =>
    keep({ ended: { how, at_us: orders.clock.nowUs(), reason } });
  try {
    await keep({ process: await identityOf(process.pid) });
    watchHere(orders, recorder, teardown);
    const { postgres, checks } = await startDatabase(orders, teardown);
    await keep({ checks: [...checks] });
    const { facts, drain, during } = await startObservers(orders, recorder, teardown, postgres);
    await keep(facts);
    const abort = watchLoad({ ...orders.plan, limits: facts.limits }, recorder, orders.clock);
    const chaos = await prepareChaos(orders, teardown, postgres, during);
    const service = await startService(orders, recorder, teardown, { postgres, chaos });
    const parts = watchOwnParts(orders, recorder, teardown, { service, postgres });
    const unguarded = orders.ports.guard.lost;
    const context = { service, postgres, chaos, teardown, parts, unguarded, drain, abort, keep };
    const { plan, again } = await measureCapacity(orders, recorder, context);
    const ended = await sendLoad({ ...orders, plan }, recorder, context);
    if (ended.how === 'completed') {
      await probeLeaks(orders, recorder, context);
      await again();
    }
    await end(ended.how, ended.reason);
  } catch (error) {
    const asked = orders.signal.aborted;
    const why: unknown = asked ? orders.signal.reason : error;
    if (why instanceof DefectError) defect = why;
    if (defect !== null && !asked) recorder.event(generatorLoss(orders.clock.nowUs(), defect.message));
    await end(asked && defect === null ? 'interrupted' : 'failed', messageOf(why));
    // Once there was load, the recording is judged for what it is; before that there was no run.
    const isOurs = record.load_start_us !== null && error instanceof KnownError;
    if (!asked && !isOurs) throw error;
  } finally {
    orders.board.enter('stopping');
    leftOver.push(...(await teardown.run()));
    // From here on `poolproof undo` may take back what is left.
    await keep({ process: null });
    await orders.writer.close();
    orders.board.enter('done');
  }
  return { record, leftOver, defect };
}

/** This machine, and when this process could not run on it. */
function watchHere({ clock }: RunOrders, recorder: Recorder, teardown: Teardown): void {
  const machine = watchMachine(clock, (event) => recorder.event(event));
  const stalls = watchStalls(clock, stallsInto(recorder, 'observer'));
  teardown.add('stop watching the machine', 1_000, () => {
    stalls.end();
    return machine.stop();
  });
}

/** Watches what the run itself has started, until the teardown. */
function watchOwnParts(
  { clock }: RunOrders,
  recorder: Recorder,
  teardown: Teardown,
  { service, postgres }: Pick<RunContext, 'service' | 'postgres'>,
): PartsWatch {
  const parts: readonly Part[] = [
    { of: 'emulator', ...service },
    { of: 'server', ...postgres },
  ];
  const watch = watchParts(parts, clock, (loss) => recorder.event(loss));
  teardown.add('stop watching the parts', 1_000, () => {
    watch.stop();
    return Promise.resolve();
  });
  return watch;
}

/** What a lane hands over is at most this old, and what it still had is gone with it. */
const handOverUs = 1_000_000;

function generatorLoss(nowUs: number, detail: string): LossEvent {
  return { t_us: nowUs, kind: 'loss', of: 'generator', how: 'gone', from_us: nowUs - handOverUs, detail };
}
