import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProcessGuard, type ProcessGuard } from '../../../src/base/process-guard.ts';
import { samplesOf } from '../../../src/evidence/sessions/samples.ts';
import { upperBounds } from '../../../src/evidence/sessions/upper-bounds.ts';
import { makeEmbeddedServer } from '../../../src/postgres/embedded/embedded-server.ts';
import type { RunningPostgres } from '../../../src/postgres/postgres-server.ts';
import { observe } from '../../cases/observers.ts';
import { openSession } from '../../cases/pg-client.ts';

let guard: ProcessGuard;
let postgres: RunningPostgres;

beforeAll(async () => {
  guard = startProcessGuard();
  const server = makeEmbeddedServer({ maxConnections: 20, serviceRoles: ['api'], guard });
  postgres = await server.start(new AbortController().signal);
});
afterAll(async () => {
  await postgres.stop();
  guard.dismiss();
});

test.each(['fast', 'crash'] as const)(
  'through a %s restart on purpose the sampler lets go, comes back, and claims nothing of the time between',
  async (mode) => {
    const observers = await observe(postgres);
    let lost: string | null = null;
    void observers.sampler.lost.then((why) => (lost = why));
    for (let count = 0; count < 3; count += 1)
      (await openSession(postgres.service)).on('error', () => undefined);
    await delay(300);
    const fromUs = observers.nowUs();
    await observers.sampler.during(() => postgres.processes!.restart(mode));
    const toUs = observers.nowUs();
    const later = [await openSession(postgres.service), await openSession(postgres.service)];
    await delay(500);
    const { samples, rows } = await observers.stop();
    await Promise.all(later.map((client) => client.end()));

    expect(lost).toBeNull();
    expect(samples.filter(({ ok }) => !ok)).toEqual([]);
    expect(samples.filter(({ anew }) => anew === true)).toHaveLength(1);
    const before = samples.filter(({ t_us: tUs }) => tUs < fromUs);
    const after = samples.filter(({ t_us: tUs }) => tUs > toUs);
    expect(before.at(-1)?.backends).toBe(3);
    expect(after[0]?.anew).toBe(true);
    expect(after.at(-1)?.backends).toBe(2);
    const bounds = upperBounds(samplesOf({ events: samples, backends: rows }));
    expect(bounds.filter((bound) => bound.fromUs < toUs && bound.toUs > fromUs)).toEqual([]);
    expect(bounds.at(-1)?.high).toBeGreaterThanOrEqual(2);
  },
);
