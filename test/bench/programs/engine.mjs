// The built load engine in a process of its own, recording as a run does. Arguments: the target's URL, the folder
// to record into, and the scenario's `traffic:` as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRunClock } from '#dist/base/clock.js';
import { openRunWriter } from '#dist/evidence/run-writer.js';
import { startLoad } from '#dist/load/start-load.js';
import { makePlan } from '#dist/plan/make-plan.js';
import { loadScenario } from '#dist/scenario/load-scenario.js';

const [url, folder, traffic] = process.argv.slice(2);
/** Time for the threads to start and to warm up, as a run gives it. */
const leadUs = 2_500_000;

const scenario = {
  version: 1,
  name: 'bench',
  seed: 1,
  contract: {
    service: { name: 'target', max_instances: 1, container_concurrency: 80, request_timeout_seconds: 30 },
    database: { app_pool_max: 4, acquire_timeout_ms: 1000, statement_timeout_ms: 5000 },
  },
  target: { local: { command: ['true'] } },
  traffic: JSON.parse(traffic),
  requests: [{ name: 'ok', get: '/ok' }],
  client: { timeout: '30s', retry: 'none' },
};

mkdirSync(folder, { recursive: true });
const file = join(folder, 'scenario.yaml');
writeFileSync(file, JSON.stringify(scenario));
const plan = makePlan(await loadScenario(file, { env: {} }));
const clock = makeRunClock();
const writer = await openRunWriter(join(folder, 'run'), clock);
const loadStartUs = clock.nowUs() + leadUs;
const before = process.cpuUsage();
const load = await startLoad({
  plan,
  url,
  warmPath: '/ping',
  clock,
  loadStartUs,
  onAttempts: (batch) => writer.attempts(batch),
});
process.once('SIGTERM', () => load.stop(1000));
const { lanes } = await load.finished;
await writer.close();
const { user, system } = process.cpuUsage(before);
const { planned } = load.progress();
console.log(
  JSON.stringify({
    planned,
    lanes,
    lost: writer.lost,
    originNs: String(clock.originNs),
    cpuUs: user + system,
  }),
);
