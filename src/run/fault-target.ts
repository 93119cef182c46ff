import { EnvironmentError } from '../base/errors.ts';
import type { RunClock } from '../base/clock.ts';
import type { FaultTarget } from '../chaos/fault-target.ts';
import type { RunEvent } from '../evidence/event.ts';
import type { CloudRunAdmin } from '../platform/cloud-run/cloud-run-admin.ts';
import type { RunningService } from '../platform/platform.ts';
import { probeLinks } from './probe-links.ts';
import type { Recorder } from './recorder.ts';

/**
 * The services as the chaos room sees them. What Cloud Run offers goes through its Admin API by the official
 * client, as it would there; only the knobs are the emulator's own. The scenario's reader refuses the steps that a
 * target can't do, so what is missing here is never reached.
 */
export function faultTarget(service: RunningService, recorder: Recorder, clock: RunClock): FaultTarget {
  const admin = (): Promise<CloudRunAdmin> => offered(service.admin, 'an Admin API')();
  return {
    disposable: service.disposable,
    deploy: async (name, change) => (await admin()).deploy(name, change),
    traffic: async (name, lines) => (await admin()).traffic(name, lines),
    scale: async (name, limits) => (await admin()).scale(name, limits),
    snapshot: async (name) => {
      const client = await admin();
      const taken = await client.snapshot(name);
      return { restore: (parts) => client.restore(taken, parts) };
    },
    turn: async (name, knob) => offered(service.emulator, 'an emulator').turn(name, knob),
    look: async (name) => {
      const { revisions, ...shown } = await offered(service.inspect, 'a view of its revisions')(name);
      return {
        ...shown,
        revisions: revisions.map((revision) => ({ ...revision, instances: totalOf(revision.instances) })),
      };
    },
    probeLinks: async (name, limitMs) =>
      probeLinks(offered(service.emulator, 'an emulator'), name, limitMs, clock),
    recorded: (name, sinceUs) => recorder.since(sinceUs).filter((event) => serviceOf(event) === name),
  };
}

function offered<T>(capability: T | null, what: string): T {
  if (capability === null)
    throw new EnvironmentError([{ message: `where the service runs there is not ${what}` }]);
  return capability;
}

type Instances = { readonly starting: number; readonly ready: number; readonly stopping: number };

function totalOf(instances: Instances | null): number | null {
  return instances === null ? null : instances.starting + instances.ready + instances.stopping;
}

function serviceOf(event: RunEvent): string | null {
  return 'service' in event ? event.service : null;
}
