import type { RunClock } from '../../../base/clock.ts';
import { sleep } from '../../../base/deadline.ts';
import type { Probe } from '../../../contract/cloud-run/probe.ts';
import { look, type ProbeTarget } from './probe-look.ts';

/** Between two checks of a port within one attempt: a cold start is overestimated by this at most. */
const lookEveryMs = 10;

/** How a container is probed. */
export interface ProbeOrders {
  readonly probe: Probe;
  /** Asked before every attempt. */
  readonly target: () => ProbeTarget;
  readonly clock: RunClock;
  readonly signal: AbortSignal;
}

/**
 * Probes until an attempt passes (true), all attempts have failed, or the signal fires (false). A failed
 * attempt delays the next by the period. With a threshold of one, as in Cloud Run's default probe (240 s,
 * once), the attempt itself waits for the port: requests go to an instance as soon as its port listens.
 */
export async function waitForStartup({ probe, target, clock, signal }: ProbeOrders): Promise<boolean> {
  const over = (): boolean => signal.aborted;
  await sleep(probe.initialDelayMs, signal);
  for (let failures = 0; failures < probe.failureThreshold && !over(); failures += 1) {
    const begunUs = clock.nowUs();
    const leftMs = (limitMs: number): number => Math.max(0, limitMs - (clock.nowUs() - begunUs) / 1000);
    do {
      if (await look(probe, target(), Math.max(1, leftMs(probe.timeoutMs)))) return !over();
      await sleep(lookEveryMs, signal);
    } while (probe.failureThreshold === 1 && leftMs(probe.timeoutMs) > 0 && !over());
    if (failures + 1 < probe.failureThreshold) await sleep(leftMs(probe.periodMs), signal);
  }
  return false;
}
