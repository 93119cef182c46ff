/** What one lane sends without falling behind, requests per second: an undici request costs it 15 to 60 us. */
const ratePerLane = 2000;

/** How many lanes a schedule needs: one for most, more only where the machine has cores to spare for them. */
export function laneCount(peakRatePerSec: number, cpus: number): number {
  const wanted = Math.ceil(peakRatePerSec / ratePerLane);
  // Two cores are left to the pacer, the conductor and whatever is under test.
  return Math.max(1, Math.min(wanted, cpus - 2));
}

/** The arrival that is a lane's k-th: arrivals are dealt out in turn, so that every lane has the same rate. */
export function arrivalOf(lane: number, lanes: number, k: number): number {
  return k * lanes + lane;
}

/** How many of the first `due` arrivals are this lane's. */
export function dueOfLane(due: number, lane: number, lanes: number): number {
  return Math.max(0, Math.ceil((due - lane) / lanes));
}

/** Connections that a lane opens before load: enough for answers that take a tenth of a second. */
export function connectionsAhead(peakRatePerSec: number, lanes: number, maxInFlight: number): number {
  const wanted = Math.min(64, Math.max(8, Math.ceil((peakRatePerSec / lanes) * 0.1)));
  return Math.min(wanted, Math.ceil(maxInFlight / lanes));
}
