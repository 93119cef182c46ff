import type { LogicalRequest } from '../../../evidence/logical-requests.ts';
import type { PhaseWindow } from './phase-window.ts';

/*
 * Clients that wait for their answer, think, and ask again together offer
 *
 *     U / (think + E[L])        U clients, L from asking to the end of the last attempt, at most its timeout
 *
 * requests per second. The slower the service, the less it is asked: the rate says how it went, not what was planned.
 */

/** The rate that the clients of a closed phase really offered; null where no request of theirs ended. */
export function effectiveRatePerSec(
  { clients, thinkMs }: NonNullable<PhaseWindow['closed']>,
  requests: readonly LogicalRequest[],
): number | null {
  const lengthsMs = requests.flatMap(({ intendedUs, endedUs }) =>
    endedUs === null ? [] : [(endedUs - intendedUs) / 1000],
  );
  if (lengthsMs.length === 0) return null;
  const meanMs = lengthsMs.reduce((sum, ms) => sum + ms, 0) / lengthsMs.length;
  const cycleMs = thinkMs + meanMs;
  return cycleMs <= 0 ? null : (1000 * clients) / cycleMs;
}

/** Closed phases among those whose load would have to be known, named; null for none. */
export function closedNames(phases: readonly PhaseWindow[]): string | null {
  const names = phases.filter(({ closed }) => closed !== null).map(({ name }) => name);
  return names.length === 0 ? null : names.join(' and ');
}
