import { get } from 'node:http';
import { connect } from 'node:net';
import type { RunClock } from '../../base/clock.ts';
import { sleep } from '../../base/deadline.ts';
import type { Program } from './emulator-orders.ts';

/** Between two looks at a port within one attempt: what a cold start may be over-estimated by. */
const lookEveryMs = 10;

/** How an instance is probed. */
export interface ProbeOrders {
  readonly probe: Program['startupProbe'];
  readonly port: number;
  readonly clock: RunClock;
  readonly signal: AbortSignal;
}

/**
 * Probes until an attempt passes (true), all attempts have failed, or the signal fires (false). A failed
 * attempt delays the next by the period. With a threshold of one, as in Cloud Run's default probe (240 s,
 * once), the attempt itself waits for the port: requests go to an instance as soon as its port listens.
 */
export async function waitForStartup({ probe, port, clock, signal }: ProbeOrders): Promise<boolean> {
  const over = (): boolean => signal.aborted;
  await sleep(probe.initialDelayMs, signal);
  for (let failures = 0; failures < probe.failureThreshold && !over(); failures += 1) {
    const begunUs = clock.nowUs();
    const leftMs = (limitMs: number): number => Math.max(0, limitMs - (clock.nowUs() - begunUs) / 1000);
    do {
      if (await look(probe, port, Math.max(1, leftMs(probe.timeoutMs)))) return !over();
      await sleep(lookEveryMs, signal);
    } while (probe.failureThreshold === 1 && leftMs(probe.timeoutMs) > 0 && !over());
    if (failures + 1 < probe.failureThreshold) await sleep(leftMs(probe.periodMs), signal);
  }
  return false;
}

function look(probe: Program['startupProbe'], port: number, timeoutMs: number): Promise<boolean> {
  return probe.kind === 'tcp' ? canConnect(port, timeoutMs) : answersWell(port, probe.path ?? '/', timeoutMs);
}

function canConnect(port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (passed: boolean) => (): void => {
      socket.destroy();
      resolve(passed);
    };
    socket.setTimeout(timeoutMs, settle(false));
    socket.once('connect', settle(true));
    socket.once('error', settle(false));
  });
}

/** A status from 200 to 399 passes, as for any Kubernetes-style probe. */
function answersWell(port: number, path: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400);
      request.destroy();
    });
    const timer = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', () => undefined);
    request.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
