import { Worker } from 'node:worker_threads';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { makeRandom } from '../../../src/base/random.ts';
import type { LinkEvent } from '../../../src/evidence/event.ts';
import { samplesOf } from '../../../src/evidence/sessions/samples.ts';
import {
  linkCounts,
  linkSessions,
  logCounts,
  logSessions,
  matchByPort,
} from '../../../src/evidence/sessions/sessions.ts';
import { peakOf } from '../../../src/evidence/sessions/steps.ts';
import { upperBounds } from '../../../src/evidence/sessions/upper-bounds.ts';
import { startLink } from '../../../src/link/link.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { observe } from '../../cases/observers.ts';
import { untilLogIsRead } from '../../cases/log-barrier.ts';
import { burst } from '../../cases/pg-client.ts';
import { until } from '../../support/until.ts';

/** Of 23 slots three are the superusers': the largest bursts are refused in part. */
const maxConnections = 23;
const role = 'api';

let guard: ProcessGuard;
let postgres: RunningPostgres;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections, serviceRoles: [role], guard });
  postgres = await server.start(new AbortController().signal);
});
afterAll(async () => {
  await postgres.stop();
  guard.dismiss();
});

/** A thread that never rests: what a busy machine takes from the server and from the sampler. */
const busyLoop = `
const end = performance.now() + 13_000;
while (performance.now() < end);`;

test('link, log and sampler agree over bursts of short sessions, on a busy machine too', async () => {
  const observers = await observe(postgres);
  onTestFinished(async () => {
    await observers.stop();
  });
  const linked: LinkEvent[] = [];
  const link = await startLink({
    upstream: postgres.service,
    clock: observers.clock,
    whose: { service: 'api', revision: 'api-00001-abc', instance: 'i1' },
    onEvent: (event) => linked.push(event),
  });
  onTestFinished(() => link.close());

  const random = makeRandom(5, 'bursts');
  const throughLink = { ...postgres.service, host: link.host, port: link.port };
  const endUs = observers.nowUs() + 27e6;
  const busyUs = observers.nowUs() + 13e6;
  const busy: Worker[] = [];
  onTestFinished(async () => {
    await Promise.all(busy.map((worker) => worker.terminate()));
  });
  while (observers.nowUs() < endUs) {
    if (observers.nowUs() > busyUs && busy.length === 0)
      for (let count = 0; count < 3; count += 1) busy.push(new Worker(busyLoop, { eval: true }));
    await burst(throughLink, 3 + Math.floor(random() * 22), 5 + random() * 35);
    await delay(random() * 60);
  }
  await until(() => link.openSessions() === 0);
  await untilLogIsRead(postgres.monitor, observers.soFar.log);
  const { samples, log: all } = await observers.stop();
  // The log is the whole server's: what was before belongs to a try that failed.
  const log = all.filter((event) => event.t_us >= 0);
  const ofRole = log.filter((event) => event.role === role || event.what === 'received');

  // Every session and every refusal: the same ones, connection by connection.
  const matched = matchByPort(linked, log, (connection) => connection.role === role);
  expect(matched.sessions).toMatchObject({ onlyLink: [], onlyLog: [] });
  expect(matched.refused).toMatchObject({ onlyLink: [], onlyLog: [] });
  const counts = logCounts(log, (of) => of === role);
  expect(linkCounts(linked)).toMatchObject({ sessions: counts.sessions, refused: counts.refused });
  expect(counts.refused).toBeGreaterThan(0);
  // The counter in SQL knows the sessions and none of the refusals.
  const counted = samples.flatMap(({ sessions }) => (sessions === null ? [] : [sessions]));
  expect(counted.at(-1)! - counted[0]!).toBe(counts.sessions);

  const truth = logSessions(ofRole, role);
  const bounds = upperBounds(samplesOf({ events: samples, backends: [] }));
  const under = bounds.filter(({ fromUs, toUs, high }) => (peakOf(truth, fromUs, toUs)?.count ?? 0) > high);
  expect(under).toEqual([]);
  expect(bounds.length).toBeGreaterThan(500);

  // High-water marks: no sample shows more than there was, and the bound is not far above.
  const peakOfLog = Math.max(...truth.map(({ count }) => count));
  const peakOfLink = Math.max(...linkSessions(linked).map(({ count }) => count));
  const sampled = Math.max(...samples.map(({ backends }) => backends ?? 0));
  const bound = Math.max(...bounds.map(({ high }) => high));
  expect(sampled).toBeLessThanOrEqual(peakOfLog);
  expect(sampled).toBeGreaterThan(peakOfLog / 2);
  // A slot that was given back is taken again before both ends of it are logged.
  expect(Math.abs(peakOfLink - peakOfLog)).toBeLessThanOrEqual(4);
  expect(bound).toBeGreaterThanOrEqual(peakOfLog);
  expect(bound).toBeLessThanOrEqual(3 * peakOfLog);
}, 90_000);
