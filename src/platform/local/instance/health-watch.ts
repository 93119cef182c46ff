import { sleep } from '../../../base/deadline.ts';
import type { IdleFreeze } from './idle-freeze.ts';
import { look } from './probe-look.ts';
import type { ProbeOrders } from './startup-probe.ts';

/** How a container is watched once it has started. */
export interface HealthOrders extends ProbeOrders {
  /** An attempt that overlapped with a freeze says nothing about the container. */
  readonly freeze: Pick<IdleFreeze, 'isFrozen' | 'count'>;
}

/**
 * Repeats a liveness or readiness probe until the signal fires, and reports each change of its result: false after
 * as many failures in a row as the threshold says, true at the next success. A container counts as healthy at
 * first: it has just passed its startup probe.
 */
export async function watchHealth(orders: HealthOrders, tell: (healthy: boolean) => void): Promise<void> {
  const { probe, target, clock, signal, freeze } = orders;
  const isOver = (): boolean => signal.aborted;
  let failures = 0;
  await sleep(probe.initialDelayMs, signal);
  while (!isOver()) {
    const begunUs = clock.nowUs();
    const { count } = freeze;
    const passed = freeze.isFrozen ? null : await look(probe, target(), probe.timeoutMs);
    if (passed !== null && freeze.count === count && !isOver()) {
      const before = failures;
      failures = passed ? 0 : failures + 1;
      if (passed && before >= probe.failureThreshold) tell(true);
      if (failures === probe.failureThreshold) tell(false);
    }
    await sleep(probe.periodMs - (clock.nowUs() - begunUs) / 1000, signal);
  }
}
