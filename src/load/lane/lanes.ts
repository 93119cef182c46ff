import { hashString, randomAt } from '../../base/random.ts';

/** What one lane sends without falling behind, requests per second: a request costs it 10 to 60 us. */
const ratePerLane = 4000;

/** How many lanes a schedule needs. Most need one; more are used only where the machine has cores to spare. */
export function laneCount(peakRatePerSec: number, cpus: number): number {
  const wanted = Math.ceil(peakRatePerSec / ratePerLane);
  // Two cores are left to the pacer, the conductor and whatever is under test.
  return Math.max(1, Math.min(wanted, cpus - 2));
}

const mostAhead = 256;

/** How arrivals are dealt out to simulated clients and to lanes. */
export interface Sharing {
  readonly lanes: number;
  readonly clients: number;
  /** Whether clients have state (cookies, a retry budget), so that all arrivals of one belong on one lane. */
  readonly isByClient: boolean;
  /** The key that clients are drawn with. */
  readonly key: number;
}

/** With the same seed every arrival belongs to the same client, however many lanes there are. */
export function sharingOf(lanes: number, clients: number, isByClient: boolean, seed: number): Sharing {
  return { lanes, clients, isByClient, key: hashString(`${seed}/clients`) };
}

/** The simulated client that an arrival belongs to. */
export function clientOf({ clients, key }: Sharing, arrival: number): number {
  return clients === 1 ? 0 : Math.floor(randomAt(key, arrival, 0) * clients);
}

/** The lane that sends an arrival. */
export function ownerOf(sharing: Sharing, arrival: number): number {
  if (sharing.lanes === 1) return 0;
  return (sharing.isByClient ? clientOf(sharing, arrival) : arrival) % sharing.lanes;
}

/**
 * How many connections a lane opens before load: enough for answers that take a tenth of a second, or for a stall of
 * 40 ms at its fastest. Opening one costs more than a request does: were they opened as requests fall due, each delay
 * would make the next one longer.
 */
export function connectionsAhead(peakRatePerSec: number, lanes: number, maxInFlight: number): number {
  const wanted = Math.min(mostAhead, Math.max(8, Math.ceil((peakRatePerSec / lanes) * 0.1)));
  return Math.min(wanted, Math.ceil(maxInFlight / lanes));
}
