/** (1 - p^m) / (1 - p): the attempts per request when each fails with probability p and m are made at most. */
export function retryAmplification(failure: number, maxAttempts: number): number {
  let attempts = 0;
  for (let k = 0; k < maxAttempts; k += 1) attempts += failure ** k;
  return attempts;
}

/** p^m: the share of requests that fail after all their attempts. */
export function failsForGood(failure: number, maxAttempts: number): number {
  return failure ** maxAttempts;
}

/** m^layers: the attempts at the innermost layer when every layer retries by itself and all fail. */
export function layeredAmplification(attemptsPerLayer: number, layers: number): number {
  return attemptsPerLayer ** layers;
}
