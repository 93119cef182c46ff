import type { RunClock } from '../base/clock.ts';
import type { ProbedLink } from '../chaos/fault-target.ts';
import { probeLink } from '../link/probe-link.ts';
import type { EmulatorControl } from '../platform/platform.ts';

/** Enough to see a fault that is on all links, and too few to be a load. */
const mostLinks = 3;

/** Makes round trips to Postgres through some of a service's links, from outside the emulator. */
export async function probeLinks(
  emulator: EmulatorControl,
  name: string,
  limitMs: number,
  clock: RunClock,
): Promise<readonly ProbedLink[]> {
  const { services } = await emulator.status();
  const links = services.find((service) => service.name === name)?.links ?? [];
  return Promise.all(
    links.slice(0, mostLinks).map(async (link) => ({
      instance: link.instance,
      answer: await probeLink(link, limitMs, clock),
    })),
  );
}
