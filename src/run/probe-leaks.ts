import { within } from '../base/deadline.ts';
import { attemptsIn } from '../evidence/dataset/attempt-block.ts';
import type { Attempt } from '../evidence/attempt.ts';
import type { RunningService } from '../platform/platform.ts';
import { planLeakProbe } from '../plan/plan-leak-probe.ts';
import { drivenContract } from '../scenario/target/driven.ts';
import { countProbe } from './count-probe.ts';
import { firstEnd } from './first-end.ts';
import { recordGenerator, stallsInto } from './record-generator.ts';
import type { Recorder } from './recorder.ts';
import type { RunOrders } from './run-orders.ts';
import { warmPathOf, type RunContext } from './run-context.ts';

/** Lanes connect and warm up in this time, as before any load. */
const leadMs = 2_500;
const cutMs = 2_000;

/** Beyond every schedule and every calibration. */
const firstArrival = 1_400_000_000;

/**
 * Once all is quiet, asks for as many sessions at once as the pools of the ready instances should have, and records how
 * many there are. Does nothing where the scenario has no probe or no instance is ready.
 */
export async function probeLeaks(orders: RunOrders, recorder: Recorder, context: RunContext): Promise<void> {
  const { plan, clock, board, signal } = orders;
  const { scenario } = plan;
  if (scenario.leakProbe === undefined) return;
  board.enter('probing for leaks');
  const alive = await instancesServing(context.service, scenario.target.service);
  const { workersPerInstance, poolMax } = drivenContract(scenario);
  if (alive === 0) return;
  const { startLoad } = await import('../load/start-load.ts');
  const sessionsEach = workersPerInstance * poolMax;
  const probe = planLeakProbe(scenario, scenario.leakProbe, alive * sessionsEach);
  const attempts: Attempt[] = [];
  const loadStartUs = clock.nowUs() + leadMs * 1000;
  const load = await startLoad({
    plan: probe,
    firstArrival,
    url: context.service.url,
    ...warmPathOf(context.service),
    clock,
    loadStartUs,
    onAttempts: (block) => {
      attempts.push(...attemptsIn(block));
      recorder.attempts(block);
    },
    onStall: stallsInto(recorder, 'lane'),
  });
  const end = await firstEnd(load, context, signal);
  if (end.how !== 'completed') load.stop(cutMs);
  recordGenerator(recorder, clock.nowUs(), await within(load.finished, 2 * cutMs, null));
  if (end.how !== 'completed') return;
  const counted = countProbe(attempts, {
    alive,
    sessionsEach,
    isOneProcess: workersPerInstance === 1,
    holdUs: scenario.leakProbe.holdMs * 1000,
    firstArrival,
  });
  recorder.event({ t_us: clock.nowUs(), kind: 'probe', from_us: loadStartUs, cycle: 1, ...counted });
}

/** Ready instances of the revisions that requests go to; 0 where the platform doesn't tell. */
async function instancesServing({ inspect }: RunningService, name: string): Promise<number> {
  if (inspect === null) return 0;
  const { traffic, revisions } = await inspect(name);
  const serving = new Set(traffic.filter(({ percent }) => percent > 0).map(({ revision }) => revision));
  return revisions
    .filter((revision) => serving.has(revision.name))
    .reduce((sum, { instances }) => sum + (instances?.ready ?? 0), 0);
}
