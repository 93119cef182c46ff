import { formatMs } from '../base/units.ts';
import type { FaultTarget } from './fault-target.ts';

/** How long a round trip may take on top of the expected delay. */
const marginMs = 2000;

/** Round-trip times through some of the links to Postgres, milliseconds; only of those that answered. */
export async function roundTripsMs(
  target: FaultTarget,
  service: string,
  delayMs: number,
): Promise<readonly number[]> {
  const links = await target.probeLinks(service, delayMs + marginMs);
  return links.flatMap(({ answer }) => (answer.kind === 'answered' ? [answer.tookMs] : []));
}

/** The shortest and the longest, in words. */
export function spanOf(tookMs: readonly number[]): string {
  const [least, most] = [formatMs(Math.min(...tookMs)), formatMs(Math.max(...tookMs))];
  return `through the link and back in ${least === most ? least : `${least} to ${most}`}`;
}
