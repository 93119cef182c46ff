/**
 * Erlang B: the share of arrivals that find all `servers` busy and are lost.
 * B(0) = 1 and B(k) = a B(k-1) / (k + a B(k-1)), with `offered` a = lambda / mu.
 */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k += 1) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked;
}

/**
 * Erlang C: the share of arrivals that must wait when nobody gives up.
 * C = B / (1 - rho (1 - B)) with rho = a / c; 1 when the load is not below the capacity.
 */
export function erlangC(servers: number, offered: number): number {
  const rho = offered / servers;
  if (rho >= 1) return 1;
  const blocked = erlangB(servers, offered);
  return blocked / (1 - rho * (1 - blocked));
}

/** Wq = C / (c mu - lambda): the mean wait in seconds, over all arrivals; infinite at rho >= 1. */
export function erlangCMeanWaitSec(servers: number, offered: number, servicePerSec: number): number {
  if (offered >= servers) return Infinity;
  return erlangC(servers, offered) / (servicePerSec * (servers - offered));
}

/** P(W > t) = C e^{-(c mu - lambda) t}. */
export function erlangCWaitsLonger(
  servers: number,
  offered: number,
  servicePerSec: number,
  seconds: number,
): number {
  if (offered >= servers) return 1;
  return erlangC(servers, offered) * Math.exp(-servicePerSec * (servers - offered) * seconds);
}
