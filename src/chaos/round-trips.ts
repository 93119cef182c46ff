import { formatMs } from '../base/units.ts';
import type { FaultTarget } from './fault-target.ts';

/** What a round trip may take beyond the delay that is looked for. */
const marginMs = 2000;

/** Milliseconds of a way through each of some links to Postgres and back; those that answered. */
export async function roundTripsMs(
  target: FaultTarget,
  service: string,
  delayMs: number,
): Promise<readonly number[]> {
  const links = await target.probeLinks(service, delayMs + marginMs);
  return links.flatMap(({ answer }) => (answer.kind === 'answered' ? [answer.tookMs] : []));
}

/** All of them, in a line. */
export function spanOf(tookMs: readonly number[]): string {
  const [least, most] = [formatMs(Math.min(...tookMs)), formatMs(Math.max(...tookMs))];
  return `through the link and back in ${least === most ? least : `${least} to ${most}`}`;
}
