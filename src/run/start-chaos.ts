import type { RunClock } from '../base/clock.ts';
import type { FaultTarget } from '../chaos/fault-target.ts';
import { startChaos, type RunningChaos } from '../chaos/start-chaos.ts';
import type { FaultEvent, RunEvent } from '../evidence/event.ts';
import type { EmulatorControl, RunningPlatform } from '../platform/platform.ts';
import { linkSights } from './link-sights.ts';
import type { Recorder } from './recorder.ts';
import type { Stand } from './stand.ts';
import type { RunOrders } from './run-orders.ts';

/** Many undoings, each bounded by itself. */
const undoLimitMs = 120_000;

/** Inflicts the scenario's chaos from load start on; null where it has none. */
export async function startRunChaos(
  { plan, clock, signal }: RunOrders,
  recorder: Recorder,
  { platform, chaos, teardown }: Pick<Stand, 'platform' | 'chaos' | 'teardown'>,
  loadStartUs: number,
): Promise<RunningChaos | null> {
  const steps = plan.scenario.chaos;
  if (steps.length === 0) return null;
  const target = await faultTarget(platform, recorder, clock);
  const onEvent = (event: FaultEvent): void => recorder.event(event);
  const running = startChaos({ ...chaos, steps, target, clock, loadStartUs, onEvent, signal });
  // Where the load ends otherwise than it should, nothing stays changed either.
  teardown.add('undo the chaos', undoLimitMs, async () => {
    const left = await running.stop();
    if (left.length > 0) throw new Error(left.join('; '));
  });
  return running;
}

/**
 * The services as the chaos room sees them. What Cloud Run offers goes through its Admin API by the official
 * client, as it would there; only the knobs are the emulator's own.
 */
async function faultTarget(
  platform: RunningPlatform,
  recorder: Recorder,
  clock: RunClock,
): Promise<FaultTarget> {
  const { connectAdmin } = await import('../platform/cloud-run/connect-admin.ts');
  const admin = await connectAdmin(platform.admin);
  return {
    // The emulator and all that it runs end with the run.
    disposable: true,
    deploy: (service, change) => admin.deploy(service, change),
    traffic: (service, lines) => admin.traffic(service, lines),
    scale: (service, limits) => admin.scale(service, limits),
    snapshot: (service) => admin.snapshot(service),
    restore: (snapshot, parts) => admin.restore(snapshot as Parameters<typeof admin.restore>[0], parts),
    turn: (service, knob) => platform.emulator.turn(service, knob),
    look: (service) => look(platform.emulator, service),
    probeLinks: (service, limitMs) => linkSights(platform.emulator, service, limitMs, clock),
    recorded: (service, sinceUs) => recorder.since(sinceUs).filter((event) => serviceOf(event) === service),
  };
}

async function look(emulator: EmulatorControl, name: string): ReturnType<FaultTarget['look']> {
  const { services } = await emulator.status();
  const service = services.find((one) => one.name === name);
  return {
    latestReady: service?.latestReady ?? null,
    traffic: service?.traffic ?? [],
    revisions: (service?.revisions ?? []).map((revision) => {
      const { starting, ready, stopping } = revision.instances;
      return {
        ...revision,
        ready: revision.state === 'ready' || revision.state === 'retired',
        instances: starting + ready + stopping,
      };
    }),
  };
}

function serviceOf(event: RunEvent): string | null {
  return 'service' in event ? event.service : null;
}
