import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeRandom } from '../../../base/random.ts';
import { makeCloudRunProfile } from '../fleet/cloudrun-profile.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { InstanceWatch } from '../fleet/member.ts';
import type { InstanceEnd } from '../instance/instance-end.ts';
import { makeInstancePool } from '../instance/instance-pool.ts';
import type { RunningInstance } from '../instance/running-instance.ts';
import type { Destination } from '../request/exchange.ts';
import type { Rules } from '../rules.ts';

/** One answer in so many closes its connection, so that opening one is warmed up as well. */
const closeEvery = 16;

/** Limits that no warm-up reaches. */
const timeoutMs = 10_000;
const concurrency = 1000;

/** Where requests for the warm path go. */
export interface WarmWay {
  readonly destination: Destination;
  close(): void;
}

/**
 * A stand-in for an instance, in this process: admission, exchange and connections handle its requests with the very
 * code that handles those of a service, and no service sees them. Cold, that code takes several times as long: at
 * thousands a second its first requests would queue up for half a second, in front of the service and out of its sight.
 */
export async function openWarmWay(rules: Rules, nowUs: () => number): Promise<WarmWay> {
  const server = await answering();
  const { port } = server.address() as AddressInfo;
  const pool = makeInstancePool('127.0.0.1', port);
  const standIn = (watch: InstanceWatch<InstanceEnd>): RunningInstance => {
    queueMicrotask(() => watch.ready(0));
    return {
      id: 'warm',
      revision: 'warm',
      pool,
      stop: skip,
      busy: skip,
      idle: skip,
      kill: skip,
      hang: skip,
      resume: skip,
    };
  };
  const fleet = new Fleet<RunningInstance, InstanceEnd>({
    limits: { minInstances: 1, maxInstances: 1, concurrency },
    requestTimeoutMs: timeoutMs,
    shutdownGraceMs: 0,
    profile: makeCloudRunProfile(rules),
    // A stream of its own: what services draw does not depend on how much was warmed up.
    random: makeRandom(0, 'warm'),
    nowUs,
    launch: (_reason, watch) => standIn(watch),
  });
  await fleet.deploy();
  return {
    destination: {
      revision: 'warm',
      timeoutUs: timeoutMs * 1000,
      submit: (exchange) => fleet.request(exchange),
      release: (place) => fleet.release(place),
    },
    close: () => {
      server.close();
      server.closeAllConnections();
      void pool.destroy();
    },
  };
}

function answering(): Promise<Server> {
  let answers = 0;
  const server = createServer((_request, response) => {
    answers += 1;
    response.shouldKeepAlive = answers % closeEvery !== 0;
    response.end('warm\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => resolve(server));
  });
}

function skip(): void {
  // It has no life of its own.
}
