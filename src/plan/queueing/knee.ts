import { erlangC } from './erlang.ts';

/** The response time over the service time at utilisation rho, M/M/c: 1 + C / (c (1 - rho)). */
export function stretchAt(servers: number, rho: number): number {
  return 1 + erlangC(servers, servers * rho) / (servers * (1 - rho));
}

/**
 * Kleinrock's knee: the utilisation with the most throughput per response time, rho / stretch(rho). The ratio
 * rises to one maximum and falls, so a golden-section search finds it.
 */
export function kneeOf(servers: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  const power = (rho: number): number => rho / stretchAt(servers, rho);
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (power(left) < power(right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
}
