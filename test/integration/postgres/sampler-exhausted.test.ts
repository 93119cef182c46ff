import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { observe } from '../../cases/observers.ts';
import { fillUp, refusalOf } from '../../cases/pg-client.ts';

const retriers = 40;

let guard: ProcessGuard;
let postgres: RunningPostgres;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 12, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
});
afterAll(async () => {
  await postgres.stop();
  guard.dismiss();
});

test('with all slots taken and 40 that try again without a pause, no sample is lost', async () => {
  const observers = await observe(postgres);
  onTestFinished(async () => {
    await observers.stop();
  });
  const taken = await fillUp(postgres.service);
  onTestFinished(async () => {
    await Promise.all(taken.map((client) => client.end()));
  });
  const fromUs = observers.nowUs();
  const untilUs = fromUs + 4e6;
  let refused = 0;
  const retry = async (): Promise<void> => {
    while (observers.nowUs() < untilUs) if ((await refusalOf(postgres.service)) === '53300') refused += 1;
  };
  await Promise.all(Array.from({ length: retriers }, retry));
  const toUs = observers.nowUs();
  await delay(200);
  const { samples, canaries } = await observers.stop();

  const during = samples.filter(({ t_us: tUs }) => tUs > fromUs && tUs < toUs);
  expect(refused).toBeGreaterThan(retriers);
  expect(during.filter(({ ok }) => !ok)).toEqual([]);
  // One at a time, each soon after the last: the retriers take the CPU, never the sampler's place.
  expect(during.length).toBeGreaterThan(20);
  for (const { backends } of during) expect(backends).toBe(taken.length);
  expect(canaries.some(({ t_us: tUs, sqlstate }) => tUs > fromUs && sqlstate === '53300')).toBe(true);
});
