import { startChaos, type RunningChaos } from '../chaos/start-chaos.ts';
import type { FaultEvent } from '../evidence/event.ts';
import { faultNeeds } from '../scenario/chaos/faults.ts';
import { faultTarget } from './fault-target.ts';
import type { Recorder } from './recorder.ts';
import type { RunContext } from './run-context.ts';
import type { RunOrders } from './run-orders.ts';

/** For all undoing together; each step is bounded by itself. */
const undoLimitMs = 120_000;

/** Begins the chaos of a load that starts at this moment. */
export type BeginChaos = (loadStartUs: number) => RunningChaos;

/**
 * Gets ready to inflict the scenario's chaos; null where it has none. Call it before the load: loading the Admin
 * API's client keeps this process busy for a second, and nobody would be watching.
 */
export async function readyRunChaos(
  { plan, clock, signal }: RunOrders,
  recorder: Recorder,
  { service, chaos, teardown }: Pick<RunContext, 'service' | 'chaos' | 'teardown'>,
): Promise<BeginChaos | null> {
  const steps = plan.scenario.chaos;
  const [first] = steps;
  if (first === undefined) return null;
  if (service.admin !== null && steps.some(({ fault }) => faultNeeds(fault.kind, 'admin_api')))
    await (await service.admin()).service(first.service);
  const target = faultTarget(service, recorder, clock);
  const onEvent = (event: FaultEvent): void => recorder.event(event);
  return (loadStartUs) => {
    const running = startChaos({ ...chaos, steps, target, clock, loadStartUs, onEvent, signal });
    // However the load ends, nothing stays changed.
    teardown.add('undo the chaos', undoLimitMs, async () => {
      const left = await running.stop();
      if (left.length > 0) throw new Error(left.join('; '));
    });
    return running;
  };
}
