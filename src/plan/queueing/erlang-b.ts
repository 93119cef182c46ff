/**
 * Erlang B: the share of arrivals that find all `servers` busy when nobody waits.
 * B(0) = 1 and B(k) = a B(k-1) / (k + a B(k-1)), with `offered` a = lambda / mu.
 */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k += 1) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked;
}
