// What the sampler costs at 20 samples a second with 100 sessions on the server: this process, and its backends.
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { makeRunClock } from '#dist/base/clock.js';
import { startProcessGuard } from '#dist/base/process-guard.js';
import { makeEmbeddedServer } from '#dist/postgres/embedded/embedded-server.js';
import { startSampler } from '#dist/postgres/sampler.js';
import { atMost, row } from './row.mjs';
import { median } from './statistics.mjs';

const sessions = 100;
const everyMs = 50;
const seconds = 10;

/** Rows for the table. */
export async function benchSampler({ rounds }) {
  const guard = startProcessGuard();
  const orders = { maxConnections: sessions + 20, serviceRoles: ['api'], guard };
  const postgres = await makeEmbeddedServer(orders).start(new AbortController().signal);
  const clients = [];
  try {
    for (let count = 0; count < sessions; count += 1)
      clients.push(await openSession(postgres.service, count));
    const measured = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await sample(postgres));
    return rowsOf(measured);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await postgres.stop();
    guard.dismiss();
  }
}

async function openSession(login, number) {
  const client = new pg.Client({ ...login, ssl: false, application_name: `instance-${number % 8}` });
  await client.connect();
  return client;
}

async function sample(postgres) {
  let seen = 0;
  const sampler = await startSampler({
    login: postgres.monitor,
    ownerOf: ({ role }) => role,
    everyMs,
    seed: 1,
    clock: makeRunClock(),
    onSample: ({ ok, backends }) => {
      if (ok && backends >= sessions) seen += 1;
    },
  });
  const before = process.cpuUsage();
  const startMs = performance.now();
  await delay(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const lastedUs = (performance.now() - startMs) * 1000;
  const { samples, server_us: serverUs } = await sampler.stop();
  if (samples === 0 || seen < samples * 0.9)
    throw new Error(`only ${seen} of ${samples} samples saw ${sessions} sessions`);
  if (serverUs === null) throw new Error('the backends of the sampler can not be seen in /proc here');
  return {
    perSec: samples / (lastedUs / 1e6),
    client: (100 * (user + system)) / lastedUs,
    server: (100 * serverUs * samples) / lastedUs,
  };
}

function rowsOf(measured) {
  const of = (pick) => measured.map(pick);
  const together = of(({ client, server }) => client + server);
  const name = `sampler: ${sessions} sessions at 20/s`;
  return [
    row(`${name}, samples`, median(of(({ perSec }) => perSec)), '1/s', {
      rounds: of(({ perSec }) => perSec),
    }),
    row(`${name}, this process`, median(of(({ client }) => client)), '% of a core'),
    row(`${name}, its backends`, median(of(({ server }) => server)), '% of a core'),
    row(`${name}, together`, median(together), '% of a core', {
      goal: atMost(median(together), 5, ' %'),
      rounds: together,
    }),
  ];
}
