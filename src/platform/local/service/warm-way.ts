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
 * It listens from its first request on, so where nobody sends load there is no further door.
 */
export function makeWarmWay(rules: Rules, nowUs: () => number): WarmWay {
  let opened: Promise<OpenWay> | null = null;
  let way: OpenWay | null = null;
  const open = async (): Promise<OpenWay> => (way = await openWay(rules, nowUs));
  return {
    destination: {
      revision: 'warm',
      timeoutUs: timeoutMs * 1000,
      submit: (exchange) => {
        opened ??= open();
        void opened.then(({ fleet }) => fleet.request(exchange));
      },
      release: (place) => way?.fleet.release(place),
    },
    close: () => void opened?.then((one) => one.close()),
  };
}

interface OpenWay {
  readonly fleet: Fleet<RunningInstance, InstanceEnd>;
  close(): void;
}

async function openWay(rules: Rules, nowUs: () => number): Promise<OpenWay> {
  const server = await answering();
  const { port } = server.address() as AddressInfo;
  const pool = makeInstancePool('127.0.0.1', port);
  const fleet = new Fleet<RunningInstance, InstanceEnd>({
    limits: { minInstances: 1, maxInstances: 1, concurrency },
    requestTimeoutMs: timeoutMs,
    shutdownGraceMs: 0,
    profile: makeCloudRunProfile(rules),
    // A stream of its own: what services draw does not depend on how much was warmed up.
    random: makeRandom(0, 'warm'),
    nowUs,
    launch: (_reason, watch) => standIn(pool, watch),
  });
  await fleet.deploy();
  const close = (): void => {
    server.close();
    server.closeAllConnections();
    void pool.destroy();
  };
  return { fleet, close };
}

function standIn(pool: RunningInstance['pool'], watch: InstanceWatch<InstanceEnd>): RunningInstance {
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
