import { get } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from '../../../contract/cloud-run/probe.ts';

/** Where a probe is sent. */
export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  /** Looks for a listener that takes connections of its own localhost alone: it passes a tcp probe too. */
  readonly listens?: () => Promise<boolean>;
}

/** One attempt of a probe: whether it passed in time. Never rejects. */
export async function look(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<boolean> {
  if (probe.kind === 'http') return answersWell(probe, target, timeoutMs);
  return (await canConnect(target, timeoutMs)) || ((await target.listens?.()) ?? false);
}

function canConnect({ host, port }: ProbeTarget, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
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
function answersWell(probe: Probe, { host, port }: ProbeTarget, timeoutMs: number): Promise<boolean> {
  const { path = '/', headers = {} } = probe;
  return new Promise((resolve) => {
    const request = get({ host, port, path, headers: { ...headers }, agent: false }, (response) => {
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
