/** M/M/c+D: a first-come, first-served pool of `servers` sessions whose waiters give up after `patienceSec`. */
export interface ImpatientQueue {
  readonly servers: number;
  readonly ratePerSec: number;
  readonly servicePerSec: number;
  readonly patienceSec: number;
}

export interface ImpatientQueueState {
  readonly waits: number;
  readonly timesOut: number;
  readonly throughputPerSec: number;
  /** Mean wait of those served, seconds. */
  readonly servedWaitSec: number;
  /** Mean number waiting, including those that will give up. */
  readonly waiting: number;
  readonly busy: number;
}

/**
 * Baccelli and Hebuterne's formulas for deterministic patience tau. With d = lambda - c mu the virtual wait
 * has a density in proportion to lambda e^{d x} up to tau and falls off with rate c mu beyond it, so
 *
 *     J = (e^{d tau} - 1) / d + e^{d tau} / (c mu)       E = sum_{j<c} (a^j / j!) / (a^{c-1} / (c-1)!) = 1 / B(c-1)
 *     P(wait) = lambda J / (E + lambda J)                P(timeout) = (1 + d J) / (E + lambda J)
 *
 * and 1 + d J = e^{d tau} lambda / (c mu), which does not cancel. In overload e^{d tau} is huge: everything
 * is divided by `scale` = max(1, e^{d tau}) beforehand.
 */
export function impatientQueue(queue: ImpatientQueue): ImpatientQueueState {
  const { servers, ratePerSec, servicePerSec, patienceSec } = queue;
  const capacityPerSec = servers * servicePerSec;
  const drift = ratePerSec - capacityPerSec;
  const atPatience = Math.exp(Math.min(0, drift * patienceSec));
  const unscaled = Math.exp(Math.min(0, -drift * patienceSec));
  const idle = unscaled / erlangB(servers - 1, ratePerSec / servicePerSec);
  const waiters = ratePerSec * (densityIntegral(drift, patienceSec) + atPatience / capacityPerSec);
  const mass = idle + waiters;
  const timesOut = (atPatience * ratePerSec) / capacityPerSec / mass;
  const servedWaiting = (ratePerSec * densityMoment(drift, patienceSec)) / mass;
  const throughputPerSec = ratePerSec * (1 - timesOut);
  return {
    waits: waiters / mass,
    timesOut,
    throughputPerSec,
    servedWaitSec: servedWaiting / (1 - timesOut),
    waiting: ratePerSec * (servedWaiting + timesOut * patienceSec),
    busy: throughputPerSec / servicePerSec,
  };
}

/**
 * Erlang B: the share of arrivals that find all `servers` busy and are lost.
 * B(0) = 1 and B(k) = a B(k-1) / (k + a B(k-1)), with `offered` a = lambda / mu.
 */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k += 1) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked;
}

/** The integral of e^{d x} over [0, tau], divided by max(1, e^{d tau}). */
function densityIntegral(drift: number, patience: number): number {
  const size = Math.abs(drift);
  return size * patience < 1e-9 ? patience : -Math.expm1(-size * patience) / size;
}

/** The integral of x e^{d x} over [0, tau], divided by max(1, e^{d tau}). */
function densityMoment(drift: number, patience: number): number {
  const z = drift * patience;
  // Near z = 0 both closed forms cancel: the series 1/2 + z/3 is good to z^2.
  if (Math.abs(z) < 1e-4) return patience ** 2 * (0.5 + z / 3) * Math.exp(-Math.max(0, z));
  return z > 0 ? (z - 1 + Math.exp(-z)) / drift ** 2 : (Math.exp(z) * (z - 1) + 1) / drift ** 2;
}
