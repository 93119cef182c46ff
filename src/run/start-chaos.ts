import type { RunClock } from '../base/clock.ts';
import type { FaultTarget } from '../chaos/fault-target.ts';
import { startChaos, type RunningChaos } from '../chaos/start-chaos.ts';
import type { FaultEvent, RunEvent } from '../evidence/event.ts';
import type { CloudRunAdmin } from '../platform/cloud-run/cloud-run-admin.ts';
import type { EmulatorControl, RunningPlatform } from '../platform/platform.ts';
import { faultNeeds } from '../scenario/chaos/faults.ts';
import { linkSights } from './link-sights.ts';
import type { Recorder } from './recorder.ts';
import type { Stand } from './run-context.ts';
import type { RunOrders } from './run-orders.ts';

/** Many undoings, each bounded by itself. */
const undoLimitMs = 120_000;

/** Begins the chaos of a load that starts then. */
export type BeginChaos = (loadStartUs: number) => RunningChaos;

/**
 * Gets ready to inflict the scenario's chaos; null where it has none. To be asked before the load: to load a client
 * takes a second of this process's time, in which nobody would be watching.
 */
export async function readyRunChaos(
  { plan, clock, signal }: RunOrders,
  recorder: Recorder,
  { platform, chaos, teardown }: Pick<Stand, 'platform' | 'chaos' | 'teardown'>,
): Promise<BeginChaos | null> {
  const steps = plan.scenario.chaos;
  const [first] = steps;
  if (first === undefined) return null;
  const admin = onDemand(async () => {
    const { connectAdmin } = await import('../platform/cloud-run/connect-admin.ts');
    return connectAdmin(platform.admin);
  });
  if (steps.some(({ fault }) => faultNeeds(fault.kind, 'admin_api')))
    await (await admin()).service(first.service);
  const target = faultTarget(platform, recorder, { clock, admin });
  const onEvent = (event: FaultEvent): void => recorder.event(event);
  return (loadStartUs) => {
    const running = startChaos({ ...chaos, steps, target, clock, loadStartUs, onEvent, signal });
    // Where the load ends otherwise than it should, nothing stays changed either.
    teardown.add('undo the chaos', undoLimitMs, async () => {
      const left = await running.stop();
      if (left.length > 0) throw new Error(left.join('; '));
    });
    return running;
  };
}

function onDemand<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/**
 * The services as the chaos room sees them. What Cloud Run offers goes through its Admin API by the official
 * client, as it would there; only the knobs are the emulator's own.
 */
function faultTarget(
  platform: RunningPlatform,
  recorder: Recorder,
  { clock, admin }: { readonly clock: RunClock; readonly admin: () => Promise<CloudRunAdmin> },
): FaultTarget {
  return {
    // The emulator and all that it runs end with the run.
    disposable: true,
    deploy: async (service, change) => (await admin()).deploy(service, change),
    traffic: async (service, lines) => (await admin()).traffic(service, lines),
    scale: async (service, limits) => (await admin()).scale(service, limits),
    snapshot: async (service) => (await admin()).snapshot(service),
    restore: async (snapshot, parts) =>
      (await admin()).restore(snapshot as Parameters<CloudRunAdmin['restore']>[0], parts),
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
