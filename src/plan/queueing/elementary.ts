/** L = lambda x S: the mean number of busy sessions when each request holds one for `holdSec` (Little's law). */
export function busySessions(ratePerSec: number, holdSec: number): number {
  return ratePerSec * holdSec;
}

/** (K - c) / (c mu): the mean wait of the request that takes the last of K places, seconds; 0 where c >= K. */
export function lastPlaceWaitSec(servers: number, places: number, servicePerSec: number): number {
  return Math.max(0, places - servers) / (servers * servicePerSec);
}

/** m^layers: the attempts at the innermost layer when every layer retries by itself and all fail. */
export function layeredAmplification(attemptsPerLayer: number, layers: number): number {
  return attemptsPerLayer ** layers;
}
